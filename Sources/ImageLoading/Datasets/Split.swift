internal import Foundation
internal import Tensors

/// Assigns images to training, validation and test.
public struct Split: Codable, Equatable, Sendable {
  /// A part of the dataset.
  public enum Part: String, CaseIterable, Codable, Sendable {
    case train, validation, test
  }

  /// One image and its part.
  public struct Entry: Codable, Equatable, Sendable {
    /// Relative to the folder of the dataset.
    public var path: String
    /// Of the file's bytes, hexadecimal.
    public var sha256: String
    /// The name of its class.
    public var `class`: String
    /// Its part.
    public var split: Part
  }

  /// The seed the split was made with.
  public var seed: UInt64
  /// The images, in the order of the loaded dataset.
  public var entries: [Entry]

  /// Splits images, class by class, by a hash of their content and the seed.
  ///
  /// Copies and near copies of an image fall into the same part; a group that is larger than a part
  /// is for training, unless the part would be empty. A ready-made split is kept; when it has no
  /// validation part, one is taken from its training part, and training images alone are divided
  /// like any others. With a fraction above 0, every class of at least three images has one in that
  /// part, if they are not all copies.
  ///
  /// - Parameters:
  ///   - validationFraction: Fraction of each class, 0..<1.
  ///   - testFraction: Fraction of each class, 0..<1.
  public static func make(
    images: [LoadedImage], classNames: [String], validationFraction: Double, testFraction: Double,
    seed: UInt64
  ) -> Split {
    let settled = settledParts(images.map(\.assignedPart))
    let groups = CopyGroups(images).keys(images)
    var parts: [String: Part] = [:]
    for (index, image) in images.enumerated() where image.assignedPart != nil {
      let isDivided = image.assignedPart == .train && !settled.contains(.validation)
      // Without content as the key every copy keeps the part its folder names.
      if !isDivided { parts["\(index)"] = image.assignedPart }
    }
    for classIndex in classNames.indices {
      let own = images.indices.filter {
        images[$0].classIndex == classIndex && parts["\($0)"] == nil
      }
      let copies = Dictionary(grouping: own) { groups[$0] }
      let order = order(of: copies.keys, seed: seed)
      var open: [(part: Part, count: Int)] = [
        (.test, settled.contains(.test) ? 0 : quota(testFraction, of: own.count)),
        (.validation, quota(validationFraction, of: own.count)),
      ]
      let wanted = open
      var forTraining: [(hash: String, size: Int)] = []
      // A copy in an earlier class may have decided the part already.
      for hash in order where parts[hash] == nil {
        let size = copies[hash]?.count ?? 0
        // A few large groups of copies must not take over a small part.
        let index = open.firstIndex { $0.count >= size }
        parts[hash] = index.map { open[$0].part } ?? .train
        if let index { open[index].count -= size } else { forTraining.append((hash, size)) }
      }
      // A part for which every group was too large gets the smallest of them.
      for (part, asked) in zip(open, wanted)
      where part.count > 0 && part.count == asked.count && forTraining.count > 1 {
        let smallest = forTraining.indices.min { forTraining[$0].size < forTraining[$1].size }
        if let smallest { parts[forTraining.remove(at: smallest).hash] = part.part }
      }
    }
    return Split(
      seed: seed,
      entries: images.enumerated().map { index, image in
        Entry(
          path: image.path, sha256: image.sha256, class: classNames[image.classIndex],
          split: parts["\(index)"] ?? parts[groups[index]] ?? .train)
      })
  }

  /// The split of a folder that has grown.
  ///
  /// Images that it names, found by their content, keep their parts. New ones are for training, but
  /// for copies and near copies of one that is held out.
  ///
  /// - Returns: The split, and how many images are new.
  package func grown(
    to images: [LoadedImage], classNames: [String]
  ) -> (split: Split, newCount: Int) {
    let groups = CopyGroups(images).keys(images)
    let known = Dictionary(entries.map { ($0.sha256, $0.split) }) { first, _ in first }
    var heldOut: [String: Part] = [:]
    for (image, group) in zip(images, groups) {
      if let part = known[image.sha256], part != .train { heldOut[group] = part }
    }
    let grown = Split(
      seed: seed,
      entries: zip(images, groups).map { image, group in
        Entry(
          path: image.path, sha256: image.sha256, class: classNames[image.classIndex],
          split: known[image.sha256] ?? heldOut[group] ?? .train)
      })
    return (grown, images.count { known[$0.sha256] == nil })
  }

  /// The parts that a ready-made split decides on: no fraction of the images is taken for them.
  ///
  /// Training images alone are a folder that nobody has divided.
  package static func settledParts(_ assigned: [Part?]) -> Set<Part> {
    if assigned.contains(.validation) { return [.validation, .test] }
    return assigned.contains(.test) ? [.test] : []
  }

  /// The indices of the images of a part.
  public func indices(of part: Part) -> [Int] {
    entries.indices.filter { entries[$0].split == part }
  }

  /// A hash over path, content, class and part of every image, hexadecimal.
  public var fingerprint: String {
    let lines = entries.map { "\($0.path)\n\($0.sha256)\n\($0.class)\n\($0.split.rawValue)\n" }
    return ContentHash.sha256(Array(lines.joined().utf8))
  }

  /// Groups of copies in an order that their content and a seed decide.
  static func order(of groups: some Collection<String>, seed: UInt64) -> [String] {
    // Each key is made once, not in every comparison.
    groups.map { (ContentHash.sha256(Array("\(seed) \($0)".utf8)), $0) }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }
}

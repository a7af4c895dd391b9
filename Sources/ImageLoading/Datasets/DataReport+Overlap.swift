extension DataReport {
  /// Images of one part that are copies of images of another: what makes measured accuracies too
  /// good.
  public struct Overlap: Codable, Equatable, Sendable {
    /// The part, and the number of its images.
    public var part: Split.Part, images: Int
    /// The part of the images they are copies of: it decides on the network earlier.
    public var original: Split.Part
    /// Paths of images with the bytes of an original, each with that of the latter.
    public var copies: [[String]]
    /// The same for images that look nearly like an original of their class.
    public var nearCopies: [[String]]
  }

  /// Finds the copies of images of one part in another, for all pairs of parts.
  ///
  /// - Parameter parts: The part of each image; nil for one that is in none yet.
  package mutating func findOverlaps(_ images: [LoadedImage], parts: [Split.Part?]) {
    let pairs: [(part: Split.Part, original: Split.Part)] = [
      (.validation, .train), (.test, .train), (.test, .validation),
    ]
    let byPart = Dictionary(grouping: zip(images, parts)) { $1 }.mapValues { $0.map(\.0) }
    overlaps = pairs.compactMap { pair in
      overlap(
        of: byPart[pair.part] ?? [], in: pair.part,
        with: byPart[pair.original] ?? [], in: pair.original)
    }
  }

  private func overlap(
    of images: [LoadedImage], in part: Split.Part,
    with originals: [LoadedImage], in original: Split.Part
  ) -> Overlap? {
    let byContent = Dictionary(originals.map { ($0.sha256, $0.path) }) { first, _ in first }
    let paths = Set(originals.map(\.path.pathBytes))
    var byPath: [[UInt8]: String] = [:]
    for group in nearDuplicates {
      guard let original = group.first(where: { paths.contains($0.pathBytes) }) else { continue }
      for path in group { byPath[path.pathBytes] = original }
    }
    let copies = images.compactMap { image in byContent[image.sha256].map { [image.path, $0] } }
    let nearCopies = images.filter { byContent[$0.sha256] == nil }.compactMap { image in
      byPath[image.path.pathBytes].map { [image.path, $0] }
    }
    guard !copies.isEmpty || !nearCopies.isEmpty else { return nil }
    return Overlap(
      part: part, images: images.count, original: original, copies: copies, nearCopies: nearCopies)
  }
}

extension DataReport {
  /// Images of a part that are copies of training images: what makes measured accuracies too good.
  public struct Overlap: Codable, Equatable, Sendable {
    /// The part, and the number of its images.
    public var part: Split.Part, images: Int
    /// Paths of images with the bytes of a training image, each with that of the latter.
    public var copies: [[String]]
    /// The same for images that look nearly like a training image of their class.
    public var nearCopies: [[String]]
  }

  /// Finds the copies of training images in the other parts.
  ///
  /// - Parameter parts: The part of each image; nil for one that is in none yet.
  package mutating func findOverlaps(_ images: [LoadedImage], parts: [Split.Part?]) {
    let trained = zip(images, parts).filter { $1 == .train }.map(\.0)
    let byContent = Dictionary(trained.map { ($0.sha256, $0.path) }) { first, _ in first }
    let trainedPaths = Set(trained.map(\.path))
    var byPath: [String: String] = [:]
    for group in nearDuplicates {
      guard let original = group.first(where: trainedPaths.contains) else { continue }
      for path in group where path != original { byPath[path] = original }
    }
    overlaps = [Split.Part.validation, .test].compactMap { part in
      let own = zip(images, parts).filter { $1 == part }.map(\.0)
      let overlap = Overlap(
        part: part, images: own.count,
        copies: own.compactMap { image in byContent[image.sha256].map { [image.path, $0] } },
        nearCopies: own.filter { byContent[$0.sha256] == nil }.compactMap { image in
          byPath[image.path].map { [image.path, $0] }
        })
      return overlap.copies.isEmpty && overlap.nearCopies.isEmpty ? nil : overlap
    }
  }
}

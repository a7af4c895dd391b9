import ImageLoading
import Support

/// The images that a report is about, as far as they are still there.
struct ReachableImages {
  /// Nil if they are not.
  let listing: DatasetListing?
  private let files: Set<[UInt8]>

  /// Pixels of each side of a small image.
  static let size = 120
  private static let quality = 80

  /// Looks for the images of a dataset.
  ///
  /// - Parameter isGiven: Whether a person has named the place; otherwise none are shown where
  ///   nothing is.
  init(_ source: String?, isGiven: Bool) throws {
    listing =
      isGiven
      ? try source.map { try DatasetLister.survey($0) }
      : source.flatMap { try? DatasetLister.survey($0) }
    files = Set((listing?.files ?? []).map(\.path.pathBytes))
  }

  /// A small JPEG of an image; nil if it is not one of the dataset, or cannot be read any more.
  func thumbnail(_ path: String) -> [UInt8]? {
    guard let listing, files.contains(path.pathBytes),
      let bytes = try? PlainFile.bytes(of: listing.location(of: path)),
      let image = try? ImageDecoder().decode(bytes, atLeast: Self.size)
    else { return nil }
    let small = ImageGeometry(imageSize: Self.size, fit: .crop).apply(to: image.pixels)
    return ImageEncoder.jpeg(small, quality: Self.quality)
  }
}

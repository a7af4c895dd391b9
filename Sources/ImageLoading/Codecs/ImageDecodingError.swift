/// Why a file did not become an image.
public enum ImageDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No bytes.
  case empty
  /// No signature of an image; `startsWith` holds the first bytes in hexadecimal.
  case notAnImage(startsWith: String)
  /// An image, but neither JPEG nor PNG.
  case unsupportedFormat(ImageFormat)
  /// A JPEG or PNG that uses something this decoder has not.
  case unsupported(feature: String)
  /// The codec gave up; its own words.
  case corrupt(reason: String)
  /// Too little of the image is there: `rows` undamaged ones of `of`.
  case truncated(rows: Int, of: Int)
  /// More pixels than `ImageDecoder.pixelLimit`.
  case tooLarge(width: Int, height: Int)

  /// A few words that fit behind a file's name in a list.
  public var description: String {
    switch self {
    case .empty: "empty file (0 bytes)"
    case .notAnImage(let start): "not an image (starts with \(start))"
    case .unsupportedFormat(let format): "is \(format.name), not JPEG or PNG"
    case .unsupported(let feature): "not supported: \(feature)"
    case .corrupt(let reason): "damaged: \(reason)"
    case .truncated(let rows, let height): "only \(rows) of \(height) rows can be read"
    case .tooLarge(let width, let height):
      "\(width)×\(height) pixels, more than \(ImageDecoder.pixelLimit / 1_000_000) million"
    }
  }
}

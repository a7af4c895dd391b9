/// Why a file cannot be decoded.
public enum ImageDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file has no bytes.
  case empty
  /// The file has no signature of an image; `startsWith` is its first bytes in hexadecimal.
  case notAnImage(startsWith: String)
  /// The file is an image, but neither JPEG nor PNG.
  case unsupportedFormat(ImageFormat)
  /// The JPEG or PNG uses a feature this decoder does not support.
  case unsupported(feature: String)
  /// The codec failed, with its own message.
  case corrupt(reason: String)
  /// Too few rows arrived: `rows` undamaged rows of `of`.
  case truncated(rows: Int, of: Int)
  /// The image has more pixels than `ImageDecoder.pixelLimit`.
  case tooLarge(width: Int, height: Int)

  /// A few words that fit after a file's name in a list.
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

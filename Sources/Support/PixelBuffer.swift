/// An 8-bit RGB image: rows from top to bottom, pixels from left to right, red, green, blue.
public struct PixelBuffer: Hashable, Sendable {
  /// Width, pixels.
  public let width: Int
  /// Height, pixels.
  public let height: Int
  /// `height` × `width` × 3 bytes, no padding.
  public var bytes: [UInt8]

  /// Creates an image from bytes.
  ///
  /// - Precondition: `bytes.count == width * height * 3`, both sizes positive.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(width > 0 && height > 0, "an image of \(width)×\(height) pixels")
    precondition(bytes.count == width * height * 3, "\(bytes.count) bytes for \(width)×\(height)")
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}

/// An opaque picture to be drawn: rows from top to bottom, red, green, blue.
public struct Bitmap: Hashable, Sendable {
  /// Pixels.
  public let width: Int, height: Int
  /// `height` × `width` × 3 bytes.
  public let bytes: [UInt8]

  /// Creates a picture from its bytes.
  ///
  /// - Precondition: `bytes.count == width * height * 3`, both sizes positive.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(
      width > 0 && height > 0 && bytes.count == width * height * 3,
      "\(bytes.count) bytes for \(width)×\(height)")
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}

import ImageLoading
import TestSupport

extension Watch {
  /// Bytes a decode may take besides those of its pixels.
  private static let baseMemory = 32 << 20
  /// The result and its turned copy (3 each), and either the coefficients of a progressive CMYK
  /// JPEG or the rows of an interlaced 16-bit RGBA PNG (8), rounded up.
  private static let memoryPerPixel = 16

  /// Decodes an image once; `name` says which in the report.
  mutating func decode(
    _ bytes: [UInt8], atLeast side: Int?, name: @autoclosure () -> String
  ) throws {
    let bound = Self.baseMemory + Self.memoryPerPixel * HeaderSize.pixels(bytes)
    try run(bytes, bound: bound, name: name()) {
      (try? ImageDecoder().decode(bytes, atLeast: side)) != nil
    }
  }
}

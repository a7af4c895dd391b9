import ImageLoading

/// The size a file claims, read without the decoders that are being tested.
enum HeaderSize {
  /// Pixels of a JPEG or PNG; 0 for other files and for more than the decoders accept.
  static func pixels(_ bytes: [UInt8]) -> Int {
    let size =
      switch ImageFormat.detect(bytes) {
      case .png: bytes.count < 24 ? 0 : product(number(bytes, 16, 4), number(bytes, 20, 4))
      case .jpeg: frame(bytes)
      default: 0
      }
    return size <= ImageDecoder.pixelLimit ? size : 0
  }

  /// The largest image any frame header claims, of those that are accepted.
  private static func frame(_ bytes: [UInt8]) -> Int {
    var largest = 0
    for position in bytes.indices.dropLast(8) where bytes[position] == 0xFF {
      guard (0xC0...0xCF).contains(bytes[position + 1]) else { continue }
      let pixels = number(bytes, position + 5, 2) * number(bytes, position + 7, 2)
      if pixels <= ImageDecoder.pixelLimit { largest = max(largest, pixels) }
    }
    return largest
  }

  /// The largest number where the product is larger.
  private static func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? .max : product
  }

  private static func number(_ bytes: [UInt8], _ position: Int, _ count: Int) -> Int {
    bytes[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
  }
}

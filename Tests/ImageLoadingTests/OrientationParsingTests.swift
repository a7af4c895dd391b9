import ImageLoading
import Testing

/// Exif blocks that lie about their sizes, seen through the decoder.
@Suite struct OrientationParsingTests {
  /// An image with `block` as its Exif segment.
  private func jpeg(_ block: [UInt8]) -> [UInt8] {
    let plain = ImageEncoder.jpeg(pattern(16, 8), quality: 90)
    let content = Array("Exif\0\0".utf8) + block
    let length = content.count + 2
    return Array(plain[..<2]) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + content
      + plain[2...]
  }

  private func isTurned(_ block: [UInt8]) throws -> Bool {
    try ImageDecoder().decode(jpeg(block)).pixels.width == 8
  }

  private let turned: [UInt8] = [
    0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
  ]

  @Test(arguments: ["tiff:Orientation=\"6\"", "<tiff:Orientation>6</tiff:Orientation>"])
  func `without Exif the orientation in XMP turns the image`(text: String) throws {
    let plain = ImageEncoder.jpeg(pattern(16, 8), quality: 90)
    let content = Array("http://ns.adobe.com/xap/1.0/\0<x \(text)/>".utf8)
    let segment = [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content
    let image = try ImageDecoder().decode(Array(plain[..<2]) + segment + plain[2...])
    #expect(image.pixels.width == 8)
  }

  @Test func `the block these tests spoil turns the image`() throws {
    #expect(try isTurned(turned))
  }

  @Test(arguments: [
    (0, 0x49, "mixed byte order marks"), (3, 43, "no TIFF"), (4, 0x7F, "directory far outside"),
    (7, 25, "directory at the end"), (11, 0x13, "another tag"), (13, 2, "a text"),
    (19, 99, "orientation 99"), (19, 0, "orientation 0"),
  ])
  func `a spoiled block turns nothing`(position: Int, value: UInt8, what: String) throws {
    var block = turned
    block[position] = value
    #expect(try !isTurned(block), "\(what)")
  }

  @Test(arguments: 0..<20)
  func `a block cut short turns nothing`(count: Int) throws {
    #expect(try !isTurned(Array(turned.prefix(count))))
  }

  @Test func `a directory may claim more entries than there are`() throws {
    var block = turned
    block[8] = 0xFF
    #expect(try isTurned(block))
    block[11] = 0x13
    #expect(try !isTurned(block))
  }

  @Test func `other segments before it do not hide it`() throws {
    let bytes = jpeg(turned)
    let comment: [UInt8] = [0xFF, 0xFE, 0, 6, 0xFF, 0xE1, 0, 0]
    let image = try ImageDecoder().decode(Array(bytes[..<2]) + comment + bytes[2...])
    #expect(image.remarks.contains(.orientationApplied(6)))
  }
}

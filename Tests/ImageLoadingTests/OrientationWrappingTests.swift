import Foundation
import ImageLoading
import Testing

/// Orientations in every wrapping that other readers accept.
@Suite struct OrientationWrappingTests {
  let turned: [UInt8] =
    [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
  let xmp = Array("<x tiff:Orientation=\"6\"/>".utf8)

  private func isTurned(_ bytes: [UInt8]) throws -> Bool {
    try ImageDecoder().decode(bytes).pixels.width == 8
  }

  private func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(value >> (8 * $0) & 255) }
  }

  private func jpeg(_ segments: [[UInt8]]) -> [UInt8] {
    var bytes = ImageEncoder.jpeg(pattern(16, 8), quality: 90)
    for content in segments.reversed() {
      let header: [UInt8] = [0xFF, 0xE1] + bigEndian(content.count + 2, 2)
      bytes.insert(contentsOf: header + content, at: 2)
    }
    return bytes
  }

  /// A PNG with a chunk after its header.
  private func png(_ name: String, _ content: [UInt8]) -> [UInt8] {
    var bytes = ImageEncoder.png(pattern(16, 8), level: 1)
    let named = Array(name.utf8) + content
    let chunk = bigEndian(content.count, 4) + named + bigEndian(Int(checksum(named)), 4)
    bytes.insert(contentsOf: chunk, at: 33)
    return bytes
  }

  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  /// A zlib stream of stored blocks, without the sum at its end.
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      let size = bigEndian(block.count, 2)
      stream.append(block.endIndex == bytes.count ? 1 : 0)
      stream += [size[1], size[0], ~size[1], ~size[0]]
      stream += block
    }
    return stream
  }

  private func profile(_ bytes: [UInt8]) -> [UInt8] {
    let digits = bytes.map { String(format: "%02x", $0) }.joined()
    return Array("\nexif\n  \(bytes.count)\n\(digits.prefix(20))\n\(digits.dropFirst(20))\n".utf8)
  }

  @Test func `a name before the block, twice or with another second byte, is dropped`() throws {
    let name = Array("Exif\0\0".utf8)
    #expect(try isTurned(jpeg([name + turned])))
    #expect(try isTurned(jpeg([name + name + turned])))
    #expect(try isTurned(jpeg([Array("Exif\0".utf8) + [0xFF] + turned])))
    #expect(try isTurned(png("eXIf", turned)))
    #expect(try isTurned(png("eXIf", name + turned)))
  }

  @Test func `a later segment is read when the first says nothing, or ends early`() throws {
    let name = Array("Exif\0\0".utf8)
    #expect(try isTurned(jpeg([name + [1, 2, 3], name + turned])))
    let (start, rest) = (Array(turned[..<16]), Array(turned[16...]))
    #expect(try isTurned(jpeg([name + start, name + rest])))
  }

  @Test func `texts of PNG are read plain and compressed`() throws {
    let key = Array("XML:com.adobe.xmp\0".utf8)
    #expect(try isTurned(png("iTXt", key + [0, 0, 0, 0] + xmp)))
    #expect(try isTurned(png("iTXt", key + [1, 0, 0, 0] + stored(xmp))))
    let names: [UInt8] = [1, 0] + Array("en\0Name\0".utf8)
    #expect(try isTurned(png("iTXt", key + names + stored(xmp))))
    #expect(try isTurned(png("zTXt", key + [0] + stored(xmp))))
    #expect(try isTurned(png("tEXt", key + xmp)))
    for (keyword, block) in [
      ("exif", turned), ("APP1", Array("Exif\0\0".utf8) + turned),
      ("APP1", Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp), ("xmp", xmp),
    ] {
      let key = Array("Raw profile type \(keyword)\0".utf8)
      #expect(try isTurned(png("tEXt", key + profile(block))), "\(keyword)")
      #expect(try isTurned(png("zTXt", key + [0] + stored(profile(block)))), "\(keyword)")
    }
  }

  @Test func `a text that is damaged or inflates beyond the limit turns nothing`() throws {
    let key = Array("XML:com.adobe.xmp\0".utf8)
    let long = [UInt8](repeating: 32, count: 1 << 20) + xmp
    #expect(try !isTurned(png("iTXt", key + [1, 0, 0, 0] + stored(long))))
    #expect(try !isTurned(png("iTXt", key + [1, 0, 0, 0] + Array(stored(xmp).dropFirst(3)))))
    #expect(try !isTurned(png("iTXt", key + [1])))
    #expect(try !isTurned(png("zTXt", key)))
    #expect(try !isTurned(png("tEXt", Array("Raw profile type exif\0".utf8))))
  }

  @Test(arguments: [
    "tiff:Orientation='6'", "tiff:Orientation = \"6\"",
    "<tiff:Orientation>\n 6\n</tiff:Orientation>", "tiff:OrientationX tiff:Orientation=\"6\"",
  ])
  func `XMP may use either quotes and blanks`(text: String) throws {
    let name = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
    #expect(try isTurned(jpeg([name + Array(text.utf8)])))
  }

  @Test func `a PNG that states too small a window is read`() throws {
    let image = pattern(300, 60)
    var bytes = ImageEncoder.png(image, level: 9)
    let data = try #require(
      bytes.indices.first { bytes[$0...].starts(with: Array("IDAT".utf8)) })
    let size = bytes[(data - 4)..<data].reduce(0) { sum, byte in sum << 8 | Int(byte) }
    // The smallest window, with its check bits; then the sum of the chunk again.
    bytes[data + 4] = 0x08
    bytes[data + 5] = 0x1D
    let sum = checksum(Array(bytes[data..<(data + 4 + size)]))
    let end = data + 4 + size
    bytes.replaceSubrange(end..<end + 4, with: bigEndian(Int(sum), 4))
    #expect(try ImageDecoder().decode(bytes).pixels == image)
  }
}

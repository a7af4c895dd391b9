import ImageLoading
import Testing

@Suite struct ImageDecodingErrorTests {
  private let decoder = ImageDecoder()

  @Test func `no bytes are an error of their own`() {
    #expect(throws: ImageDecodingError.empty) { try decoder.decode([]) }
  }

  @Test func `a text shows how it starts`() {
    #expect(throws: ImageDecodingError.notAnImage(startsWith: "3C 68 74 6D 6C 3E 0A 0A")) {
      try decoder.decode(Array("<html>\n\nnot found".utf8))
    }
  }

  @Test(arguments: [ImageFormat.gif, .bmp, .webp, .tiff, .avif])
  func `a disguised file is named by what it is`(format: ImageFormat) throws {
    let bytes = try Reference.bytes("\(format.rawValue)-inside.jpg")
    #expect(throws: ImageDecodingError.unsupportedFormat(format)) { try decoder.decode(bytes) }
  }

  /// The byte after SOF's length is the precision, the marker before it the process.
  @Test(arguments: [
    (1, 0xC3, "lossless, hierarchical or differential JPEG (SOF3)"),
    (4, 12, "JPEG with 12 bits per sample"),
  ])
  func `an unusual process is named`(offset: Int, value: UInt8, feature: String) throws {
    var bytes = try Reference.bytes("444.jpg")
    bytes[try frame(in: bytes) + offset] = value
    #expect(throws: ImageDecodingError.unsupported(feature: feature)) { try decoder.decode(bytes) }
  }

  @Test func `a JPEG that claims too many pixels is refused by its header`() throws {
    var bytes = try Reference.bytes("444.jpg")
    let start = try frame(in: bytes)
    bytes.replaceSubrange((start + 5)..<(start + 9), with: [0xEA, 0x60, 0xEA, 0x60])
    #expect(throws: ImageDecodingError.tooLarge(width: 60_000, height: 60_000)) {
      try decoder.decode(bytes)
    }
  }

  @Test func `a JPEG with a side beyond the limit of the codec is refused for that`() throws {
    var bytes = try Reference.bytes("444.jpg")
    let start = try frame(in: bytes)
    bytes.replaceSubrange((start + 5)..<(start + 9), with: [0xFF, 0xFF, 0, 1])
    let feature = "JPEG with more than 65500 pixels on a side"
    #expect(throws: ImageDecodingError.unsupported(feature: feature)) { try decoder.decode(bytes) }
  }

  @Test func `a PNG with a critical chunk nobody knows is unsupported`() throws {
    let png = try Reference.bytes("rgb-8.png")
    // An empty chunk `ABCD` after IHDR, with its checksum.
    let chunk: [UInt8] = [0, 0, 0, 0, 0x41, 0x42, 0x43, 0x44, 0xDB, 0x17, 0x20, 0xA5]
    let error = #expect(throws: ImageDecodingError.self) {
      try decoder.decode(Array(png[..<33] + chunk + png[33...]))
    }
    #expect(error == .unsupported(feature: "ABCD: unhandled critical chunk"))
  }

  @Test(arguments: [
    (ImageDecodingError.empty, "0 bytes"),
    (.notAnImage(startsWith: "00 01"), "starts with 00 01"),
    (.unsupportedFormat(.webp), "is WebP, not JPEG or PNG"),
    (.unsupported(feature: "SOF3"), "SOF3"),
    (.corrupt(reason: "CRC error"), "CRC error"),
    (.truncated(rows: 3, of: 40), "only 3 of 40 rows"),
    (.tooLarge(width: 20_000, height: 30_000), "20000×30000"),
  ])
  func `a description is a few words with the facts`(error: ImageDecodingError, part: String) {
    #expect(error.description.contains(part))
    #expect(!error.description.contains("\n"))
    #expect(error.description.count < 50)
  }

  /// Where the frame header's marker 0xFF 0xC0 stands.
  private func frame(in bytes: [UInt8]) throws -> Int {
    try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
  }
}

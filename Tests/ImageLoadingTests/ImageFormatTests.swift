import ImageLoading
import Testing

@Suite struct ImageFormatTests {
  @Test(arguments: [
    ("444.jpg", ImageFormat.jpeg), ("rgb-8.png", .png), ("gif-inside.jpg", .gif),
    ("bmp-inside.jpg", .bmp), ("webp-inside.jpg", .webp), ("tiff-inside.jpg", .tiff),
    ("avif-inside.jpg", .avif),
  ])
  func `content decides the format and the name does not`(file: String, format: ImageFormat) throws
  {
    #expect(ImageFormat.detect(try Reference.bytes(file)) == format)
  }

  @Test(arguments: [
    ("\0\0\0\u{18}ftypheic", ImageFormat.heic), ("\0\0\0\u{18}ftypmif1", .heic),
    ("\0\0\0\u{18}ftypavis", .avif), ("\0\0\0\u{18}ftypisom", .unknown), ("MM\0*", .tiff),
    ("GIF87a", .gif), ("BM a letter", .unknown), ("RIFF\0\0\0\0WAVE", .unknown), ("", .unknown),
    ("<html>", .unknown),
  ])
  func `a signature is recognized whole`(start: String, format: ImageFormat) {
    #expect(ImageFormat.detect(Array(start.utf8)) == format)
  }

  @Test func `a JPEG that is cut after its first bytes or begins late is a damaged JPEG`() {
    #expect(throws: ImageDecodingError.corrupt(reason: "3 bytes before the start of a JPEG")) {
      try ImageDecoder().decode([1, 2, 3, 0xFF, 0xD8, 0xFF, 0xE0, 0])
    }
    #expect(ImageFormat.detect([0xFF, 0xD8]) == .jpeg)
  }

  @Test func `every format has its usual name`() {
    #expect(
      ImageFormat.allCases.map(\.name) == [
        "JPEG", "PNG", "GIF", "BMP", "WebP", "TIFF", "HEIC", "AVIF", "unknown format",
      ])
  }
}

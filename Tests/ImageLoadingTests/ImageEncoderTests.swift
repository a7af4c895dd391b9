import ImageLoading
import Support
import Testing

@Suite struct ImageEncoderTests {
  @Test(arguments: [0, 1, 9], [(1, 1), (7, 3), (200, 90)])
  func `a PNG gives back every pixel`(level: Int, size: (Int, Int)) throws {
    let image = pattern(size.0, size.1)
    let decoded = try ImageDecoder().decode(ImageEncoder.png(image, level: level))
    #expect(decoded.pixels == image)
    #expect(decoded.remarks.isEmpty)
  }

  @Test(arguments: [(1, 1), (7, 3), (200, 90)])
  func `a JPEG of noise fits its memory at the best quality`(size: (Int, Int)) throws {
    let image = pattern(size.0, size.1)
    let decoded = try ImageDecoder().decode(ImageEncoder.jpeg(image, quality: 100))
    #expect((decoded.pixels.width, decoded.pixels.height) == size)
    #expect(decoded.remarks.isEmpty)
  }

  @Test func `a JPEG of a plain color is that color`() throws {
    let image = PixelBuffer(width: 20, height: 10, bytes: Array(repeating: 77, count: 600))
    let decoded = try ImageDecoder().decode(ImageEncoder.jpeg(image, quality: 90))
    #expect(largestDifference(decoded.pixels.bytes, image.bytes) <= 1)
  }

  @Test func `quality and level trade size`() {
    let image = pattern(64, 64)
    #expect(
      ImageEncoder.jpeg(image, quality: 30).count < ImageEncoder.jpeg(image, quality: 90).count)
    #expect(ImageEncoder.png(image, level: 9).count < ImageEncoder.png(image, level: 0).count)
  }
}

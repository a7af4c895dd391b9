import ImageLoading
import Support
import Testing

@Suite struct ImageDecoderTests {
  @Test(arguments: try Reference.jpegs().filter { $0.denominator == nil })
  func `a JPEG has Pillow's pixels`(reference: Reference.JPEG) throws {
    let image = try ImageDecoder().decode(Reference.bytes(reference.name))
    #expect(image.format == .jpeg)
    #expect(image.pixels.width == reference.width)
    #expect(image.pixels.height == reference.height)
    #expect(largestDifference(image.pixels.bytes, [UInt8](reference.rgb)) <= 1)
    #expect(!image.remarks.contains { $0.isProblem })
  }

  @Test(arguments: try Reference.pngs())
  func `a PNG has exactly the pixels its samples say`(reference: Reference.PNG) throws {
    let image = try ImageDecoder().decode(Reference.bytes(reference.name))
    #expect(image.format == .png)
    #expect(image.pixels.width == reference.width)
    #expect(image.pixels.height == reference.height)
    #expect(ContentHash.sha256(image.pixels.bytes) == reference.sha256)
    #expect(!image.remarks.contains { $0.isProblem })
  }

  @Test(arguments: [(13, 1), (12, 2), (7, 2), (6, 4), (1, 4)])
  func `a JPEG is decoded smaller while twice the wanted side remains`(
    minimumSide: Int, denominator: Int
  ) throws {
    let image = try ImageDecoder().decode(Reference.bytes("large.jpg"), atLeast: minimumSide)
    #expect(image.pixels.width == 64 / denominator)
    #expect(image.sourceWidth == 64)
    #expect(image.sourceHeight == 48)
    let reference = try Reference.jpegs().first { $0.denominator == denominator }
    guard let reference else { return }
    #expect(largestDifference(image.pixels.bytes, [UInt8](reference.rgb)) <= 1)
  }

  @Test(arguments: 1...8)
  func `an image comes upright and says how it was turned`(orientation: Int) throws {
    let image = try ImageDecoder().decode(Reference.bytes("exif-\(orientation).jpg"))
    let sides = orientation >= 5 ? (8, 16) : (16, 8)
    #expect((image.pixels.width, image.pixels.height) == sides)
    #expect((image.sourceWidth, image.sourceHeight) == sides)
    let remarks: [DecodingRemark] = orientation == 1 ? [] : [.orientationApplied(orientation)]
    #expect(image.remarks == remarks)
  }

  @Test(arguments: [
    ("gray.jpg", "gray"), ("cmyk.jpg", "CMYK"), ("ycck.jpg", "YCCK"),
    ("gray-16.png", "16-bit gray"), ("palette-2.png", "2-bit palette"),
    ("rgb-8-key.png", "RGB with transparency"), ("rgb-16.png", "16-bit RGB"),
    ("gray-alpha-8.png", "gray with transparency"),
  ])
  func `what was converted is named`(file: String, form: String) throws {
    let image = try ImageDecoder().decode(Reference.bytes(file))
    #expect(image.remarks == [.converted(from: form)])
  }

  @Test(arguments: ["444.jpg", "rgb.jpg", "progressive.jpg", "restart.jpg", "rgb-8.png"])
  func `an ordinary image deserves no remark`(file: String) throws {
    #expect(try ImageDecoder().decode(Reference.bytes(file)).remarks.isEmpty)
  }

  @Test(arguments: [1, 2])
  func `of an animation the first frame is read, which is said`(frames: UInt8) throws {
    let pixels = PixelBuffer(width: 4, height: 4, bytes: [UInt8](repeating: 9, count: 48))
    var bytes = ImageEncoder.png(pixels, level: 1)
    let chunk = Array("acTL".utf8) + [0, 0, 0, frames, 0, 0, 0, 0]
    var sum = UInt32.max
    for byte in chunk {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    let check = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: ~sum >> $0) }
    bytes.insert(contentsOf: [0, 0, 0, 8] + chunk + check, at: 33)
    let image = try ImageDecoder().decode(bytes)
    #expect(image.remarks == (frames > 1 ? [DecodingRemark.firstFrame] : []))
    #expect(image.remarks.allSatisfy { !$0.isProblem })
  }
}

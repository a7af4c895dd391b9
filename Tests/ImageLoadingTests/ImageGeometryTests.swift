import Foundation
import ImageLoading
import Support
import Testing

@Suite struct ImageGeometryTests {
  @Test(arguments: try Reference.resizes())
  func `a resize equals Pillow's within one level`(reference: Reference.Resize) {
    let geometry = ImageGeometry(imageSize: reference.side, fit: reference.fit)
    let result = geometry.apply(to: pattern(reference.width, reference.height))
    #expect(result.width == reference.side)
    #expect(result.height == reference.side)
    #expect(largestDifference(result.bytes, [UInt8](reference.rgb)) <= 1)
  }

  @Test(arguments: ImageGeometry.Fit.allCases)
  func `an image of the right size is left alone`(fit: ImageGeometry.Fit) {
    let image = pattern(24, 24)
    #expect(ImageGeometry(imageSize: 24, fit: fit).apply(to: image) == image)
  }

  @Test(arguments: ImageGeometry.Fit.allCases, [(5, 9), (100, 31), (3, 3)])
  func `a plain color stays that color`(fit: ImageGeometry.Fit, size: (Int, Int)) {
    let bytes = [UInt8](repeating: 128, count: size.0 * size.1 * 3)
    let image = PixelBuffer(width: size.0, height: size.1, bytes: bytes)
    let result = ImageGeometry(imageSize: 16, fit: fit).apply(to: image)
    #expect(result.bytes == [UInt8](repeating: 128, count: 16 * 16 * 3))
  }

  @Test func `letterboxing centers a wide image between gray bars`() {
    let white = PixelBuffer(width: 40, height: 20, bytes: Array(repeating: 255, count: 2_400))
    let result = ImageGeometry(imageSize: 16, fit: .letterbox).apply(to: white)
    let rows = (0..<16).map { Set(result.bytes[($0 * 48)..<($0 * 48 + 48)]) }
    #expect(
      rows == Array(repeating: [128], count: 4) + Array(repeating: [255], count: 8)
        + Array(repeating: [128], count: 4))
  }

  @Test func `cropping takes the middle`() {
    // Black thirds left and right of a white square.
    let row = [UInt8](repeating: 0, count: 60) + [UInt8](repeating: 255, count: 60)
    let bytes = (0..<20).flatMap { _ in row + row.prefix(60) }
    let image = PixelBuffer(width: 60, height: 20, bytes: bytes)
    let result = ImageGeometry(imageSize: 20, fit: .crop).apply(to: image)
    #expect(Set(result.bytes) == [255])
  }

  @Test func `a geometry survives JSON`() throws {
    let geometry = ImageGeometry(imageSize: 64, fit: .letterbox)
    let data = try JSONEncoder().encode(geometry)
    #expect(try JSONDecoder().decode(ImageGeometry.self, from: data) == geometry)
  }
}

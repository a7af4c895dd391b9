import Foundation
import ImageLoading
import Support
import TestSupport

/// What Tools/reference/images.py recorded with Pillow 13.0.0; regenerate with `make reference`.
enum Reference {
  /// A decoded JPEG; libraries may round differently, so the pixels themselves are kept.
  struct JPEG: Decodable, CustomStringConvertible {
    var name: String
    var width: Int
    var height: Int
    var denominator: Int?
    var rgb: Data
    var description: String { denominator.map { "\(name) at 1/\($0)" } ?? name }
  }

  /// A decoded PNG, which is exact.
  struct PNG: Decodable, CustomStringConvertible {
    var name: String
    var width: Int
    var height: Int
    var sha256: String
    var description: String { name }
  }

  struct Resize: Decodable, CustomStringConvertible {
    var width: Int
    var height: Int
    var side: Int
    var fit: ImageGeometry.Fit
    var rgb: Data
    var description: String { "\(width)×\(height) to \(side), \(fit)" }
  }

  private struct Images: Decodable {
    var jpegs: [JPEG]
    var pngs: [PNG]
  }

  private struct Resizes: Decodable {
    var resizes: [Resize]
  }

  static func jpegs() throws -> [JPEG] {
    try fixture(Images.self, "images.json", in: .module).jpegs
  }

  static func pngs() throws -> [PNG] {
    try fixture(Images.self, "images.json", in: .module).pngs
  }

  static func resizes() throws -> [Resize] {
    try fixture(Resizes.self, "resizes.json", in: .module).resizes
  }

  /// The bytes of a fixture.
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }
}

/// The image `pattern` of images.py: fine detail in every direction.
func pattern(_ width: Int, _ height: Int) -> PixelBuffer {
  var bytes: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      for channel in 0..<3 {
        let detail = x * y % 31 * 3
        bytes.append(UInt8(truncatingIfNeeded: x * 7 + y * 13 + channel * 50 + detail))
      }
    }
  }
  return PixelBuffer(width: width, height: height, bytes: bytes)
}

/// The largest difference of two samples; 256 when the counts differ.
func largestDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
  guard a.count == b.count else { return 256 }
  return zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

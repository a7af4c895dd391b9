internal import Foundation
internal import ImageLoading
internal import Support
internal import Tensors

/// What light and lens do to an image: tint, brightness, vignette, blur and noise.
struct Camera: Sendable {
  /// Factors for red, green and blue.
  let gains: [Double]
  /// Darkening of the corners, `0...1`.
  let vignette: Double
  /// Weight of the four neighbors of a pixel, `0` for a sharp image.
  let blur: Double
  /// Standard deviation in 8-bit steps.
  let noise: Double
  let noiseSeed: UInt64

  init(using generator: inout SeededGenerator) {
    let brightness = generator.number(in: 0.72...1.12)
    let warmth = generator.number(in: -0.13...0.13)
    gains = [brightness * (1 + warmth), brightness, brightness * (1 - warmth)]
    vignette = generator.chance(0.5) ? generator.number(in: 0.1...0.5) : 0
    blur = generator.chance(0.35) ? generator.number(in: 0.1...0.2) : 0
    noise = generator.chance(0.6) ? generator.number(in: 1...6) : 0
    noiseSeed = generator.next()
  }

  /// The image as this camera would have taken it.
  func photograph(_ image: PixelBuffer) -> PixelBuffer {
    var generator = SeededGenerator(seed: noiseSeed)
    let (width, height) = (image.width, image.height)
    let source = image.bytes
    var result = image
    for row in 0..<height {
      for column in 0..<width {
        let x = (Double(column) + 0.5) / Double(width) * 2 - 1
        let y = (Double(row) + 0.5) / Double(height) * 2 - 1
        let corner = 1 - vignette * (x * x + y * y) / 2
        // Grain is mostly brightness; one random value a pixel also makes this loop quick.
        let grain = noise > 0 ? Double(generator.nextNormal()) * noise : 0
        for channel in 0..<3 {
          func value(_ row: Int, _ column: Int) -> Double {
            let (r, c) = (min(max(row, 0), height - 1), min(max(column, 0), width - 1))
            return Double(source[(r * width + c) * 3 + channel])
          }
          var light = value(row, column)
          if blur > 0 {
            let around =
              value(row - 1, column) + value(row + 1, column) + value(row, column - 1)
              + value(row, column + 1)
            light = light * (1 - 4 * blur) + around * blur
          }
          let exposed = light * gains[channel] * corner + grain
          result.bytes[(row * width + column) * 3 + channel] = UInt8(min(max(exposed, 0), 255))
        }
      }
    }
    return result
  }
}

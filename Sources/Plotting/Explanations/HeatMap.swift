internal import Foundation
public import Support

/// Values at the pixels of an image, drawn as colors.
public struct HeatMap: Hashable, Sendable {
  /// Pixels.
  public let width: Int, height: Int
  /// Row by row from the top.
  public let values: [Float]
  /// The size of a value that has the full color: 0.5% of the pixels are at it or above, so that a
  /// few of them do not make all others pale.
  public let fullScale: Float

  /// Creates a map.
  ///
  /// - Precondition: There is a value for each pixel.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(
      !values.isEmpty && values.count == width * height,
      "\(values.count) values for \(width)×\(height) pixels")
    (self.width, self.height, self.values) = (width, height, values)
    let sizes = values.map { $0.isFinite ? abs($0) : 0 }.sorted()
    let usual = sizes[Int((Double(sizes.count - 1) * 0.995).rounded(.up))]
    fullScale = usual > 0 ? usual : sizes[sizes.count - 1]
  }

  /// Whether some values are below zero.
  var hasNegative: Bool { values.contains { $0 < 0 } }

  /// A value as a fraction of the full scale, -1…1.
  private func fraction(_ value: Float) -> Double {
    fullScale > 0 && value.isFinite ? min(max(Double(value / fullScale), -1), 1) : 0
  }

  /// The map over an image of its size, which loses its colors.
  ///
  /// - Precondition: The image has the size of the map.
  public func bitmap(over photo: PixelBuffer, _ theme: Theme) -> PixelBuffer {
    precondition(
      photo.width == width && photo.height == height,
      "a map of \(width)×\(height) over an image of \(photo.width)×\(photo.height)")
    let ramp = HeatRamp(theme.palette)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 3)
    for (pixel, value) in values.enumerated() {
      let light = (0..<3).reduce(0.0) {
        $0 + Double(photo.bytes[pixel * 3 + $1]) * [0.299, 0.587, 0.114][$1] / 255
      }
      bytes += ramp.color(fraction(value), over: light).bytes
    }
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }

  /// The map alone; `Theme.mapReading` says what its colors mean.
  public func bitmap(_ theme: Theme) -> PixelBuffer {
    let palette = theme.palette
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let bytes = values.flatMap { value -> [UInt8] in
      if palette.isGray {
        let place = high > low ? Double((value - low) / (high - low)) : 0
        return Color.white.mixed(with: .black, min(max(place, 0), 1)).bytes
      }
      let colors = value < 0 ? palette.colorsBelowZero : palette.colorsAboveZero
      return colors.color(at: abs(fraction(value))).bytes
    }
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }
}

extension Theme {
  /// What the colors of a map alone mean, a part of a sentence.
  public var mapReading: String {
    palette.isGray
      ? "each map from its lowest value, white, to its highest"
      : "each map on its own scale, zero is dark, below it is blue"
  }
}

/// The colors of what speaks for and against something, over an image without colors.
struct HeatRamp {
  private let palette: Palette

  init(_ palette: Palette) { self.palette = palette }

  /// A color.
  ///
  /// - Parameters:
  ///   - fraction: -1 much against, 0 nothing, 1 much for.
  ///   - light: How bright the image is there, 0…1.
  func color(_ fraction: Double, over light: Double) -> Color {
    let size = abs(fraction)
    if palette.isGray {
      // Ink cannot tell for from against: only what speaks for it is drawn.
      return Color.white.mixed(with: .black, 0.22 * (1 - light)).mixed(
        with: .black, 0.92 * max(0, fraction))
    }
    let ground = Color(hex: 0x0C0A12).mixed(with: .white, 0.62 * light)
    let colors = fraction < 0 ? palette.colorsAgainst : palette.colorsFor
    return ground.mixed(with: colors.color(at: size), min(1, 1.5 * size) * 0.85)
  }
}

extension Palette {
  /// What speaks for something, from little to much.
  var colorsFor: [Color] {
    isGray ? [.white, .black] : [0x7A2A96, 0xE717A2, 0xFF9E3D, 0xFFE9B0].map(Color.init(hex:))
  }

  /// What speaks against something, from little to much.
  var colorsAgainst: [Color] {
    isGray ? [.white, .black] : [0x1D4F91, 0x45A2FF, 0xD3F1FF].map(Color.init(hex:))
  }

  /// Values from zero up, and from zero down, in lightness as well.
  var colorsAboveZero: [Color] {
    [0x120A2A, 0x5B2A86, 0xE717A2, 0xFF9E3D, 0xFFE9B0].map(Color.init(hex:))
  }
  var colorsBelowZero: [Color] {
    [0x120A2A, 0x1D4F91, 0x45A2FF, 0xD3F1FF].map(Color.init(hex:))
  }
}

extension Color {
  /// Red, green and blue, 0…255.
  fileprivate var bytes: [UInt8] {
    [red, green, blue].map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
  }
}

extension PixelBuffer {
  /// Every pixel as a square of pixels, so that it has sharp edges wherever it is drawn.
  public func magnified(_ factor: Int) -> PixelBuffer {
    precondition(factor > 0, "magnified by \(factor)")
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * factor * factor)
    for row in 0..<height {
      let line = (0..<width).flatMap { column -> [UInt8] in
        let start = (row * width + column) * 3
        return (0..<factor).flatMap { _ in bytes[start..<start + 3] }
      }
      for _ in 0..<factor { result += line }
    }
    return PixelBuffer(width: width * factor, height: height * factor, bytes: result)
  }
}

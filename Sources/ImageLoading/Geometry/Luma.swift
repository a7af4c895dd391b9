/// Brightness as JPEG defines it: a weighted sum of red, green and blue.
///
/// - Source: ITU-R BT.601.
enum Luma {
  /// The weights of red, green and blue.
  static let weights: [Float] = [0.299, 0.587, 0.114]

  /// The brightness of a color, in its unit.
  static func mean(_ color: [Double]) -> Double {
    zip(weights, color).reduce(0) { $0 + Double($1.0) * $1.1 }
  }

  /// The brightness of a pixel, 0...255, rounded to the nearest.
  static func rounded(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    (299 * Int(red) + 587 * Int(green) + 114 * Int(blue) + 500) / 1000
  }

  /// The brightness of a pixel, 0...255, with weights in 256ths and rounded down.
  ///
  /// Perceptual hashes are made of it, and splits depend on them.
  static func fast(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    (77 * Int(red) + 150 * Int(green) + 29 * Int(blue)) >> 8
  }
}

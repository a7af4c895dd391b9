/// An sRGB color with straight (not premultiplied) opacity; every component in `0...1`.
public struct Color: Hashable, Sendable {
  /// Red, green and blue, gamma-encoded as in a PNG file.
  public var red: Double, green: Double, blue: Double
  /// `0` is invisible, `1` hides what lies beneath.
  public var opacity: Double

  /// Creates a color from its components, each in `0...1`.
  public init(red: Double, green: Double, blue: Double, opacity: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.opacity = opacity
  }

  /// Creates an opaque color from `0xRRGGBB`.
  public init(hex: UInt32) {
    func component(_ shift: UInt32) -> Double { Double(hex >> shift & 0xFF) / 255 }
    self.init(red: component(16), green: component(8), blue: component(0))
  }

  /// As pages and SVG files have it, such as `#2e5bff`; opacity is not in it.
  package var hex: String {
    "#"
      + [red, green, blue].map {
        let text = String(UInt8((min(max($0, 0), 1) * 255).rounded()), radix: 16)
        return text.count == 1 ? "0\(text)" : text
      }.joined()
  }

  /// The same color at another opacity.
  public func opacity(_ opacity: Double) -> Color {
    var color = self
    color.opacity = opacity
    return color
  }

  /// A mixture in sRGB: `0` is this color, `1` the other.
  public func mixed(with other: Color, _ fraction: Double) -> Color {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * fraction }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
      opacity: mix(opacity, other.opacity))
  }

  /// White and black.
  public static let white = Color(hex: 0xFFFFFF), black = Color(hex: 0x000000)
}

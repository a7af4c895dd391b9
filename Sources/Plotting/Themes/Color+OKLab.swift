internal import Foundation

/// A color in OKLab, where equal distances look about equal.
///
/// - Source: Ottosson, 2020, "A perceptual color space for image processing".
struct OKLab: Hashable, Sendable {
  /// 0 black, 1 white.
  var lightness: Double
  /// From green to red, and from blue to yellow; within ±0.4.
  var a: Double, b: Double

  init(lightness: Double, chroma: Double, hue: Double) {
    self.lightness = lightness
    (a, b) = (chroma * cos(hue), chroma * sin(hue))
  }

  init(_ color: Color) {
    let (r, g, b) = (
      Self.linear(color.red), Self.linear(color.green), Self.linear(color.blue)
    )
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    self.b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
  }

  /// Radians, -π...π.
  var hue: Double { atan2(b, a) }

  /// Colors 0.02 apart can just be told apart side by side, 0.1 at a glance.
  func distance(to other: OKLab) -> Double {
    let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
    return (dl * dl + da * da + db * db).squareRoot()
  }

  /// The color in sRGB; nil if sRGB does not contain it.
  var color: Color? {
    let l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
    let m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
    let s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
    let red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s
    let green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s
    let blue = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    let slack = 1e-9
    guard [red, green, blue].allSatisfy({ $0 >= -slack && $0 <= 1 + slack }) else { return nil }
    return Color(red: Self.gamma(red), green: Self.gamma(green), blue: Self.gamma(blue))
  }

  /// The linear light of a gamma-encoded component.
  fileprivate static func linear(_ value: Double) -> Double {
    value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  /// The gamma-encoded component of linear light.
  fileprivate static func gamma(_ value: Double) -> Double {
    let value = min(max(value, 0), 1)
    return value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
  }
}

extension Color {
  /// A gray of a perceptual lightness: 0 black, 100 white.
  ///
  /// - Source: CIE 15, the lightness of CIELAB.
  static func gray(lightness: Double) -> Color {
    let light = lightness > 8 ? pow((lightness + 16) / 116, 3) : lightness * 27 / 24389
    let value = OKLab.gamma(light)
    return Color(red: value, green: value, blue: value)
  }

  /// The contrast of two colors, 1...21.
  ///
  /// - Source: WCAG 2.2, "contrast ratio".
  func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private var luminance: Double {
    0.2126 * OKLab.linear(red) + 0.7152 * OKLab.linear(green) + 0.0722 * OKLab.linear(blue)
  }
}

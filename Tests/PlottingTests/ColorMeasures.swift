import Foundation
import Plotting

/// The amount of light of an sRGB component.
private func linear(_ value: Double) -> Double {
  value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
}

/// How well two colors stand out from one another, 1...21.
///
/// - Source: WCAG 2.2, definition of contrast ratio.
func contrast(_ a: Color, _ b: Color) -> Double {
  func luminance(_ color: Color) -> Double {
    0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
  }
  let (x, y) = (luminance(a), luminance(b))
  return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

/// A color in CIELAB under daylight (D65).
struct LabColor {
  var l: Double, a: Double, b: Double

  init(_ l: Double, _ a: Double, _ b: Double) { (self.l, self.a, self.b) = (l, a, b) }

  /// - Source: IEC 61966-2-1 and CIE 15.
  init(_ color: Color) {
    let (r, g, b) = (linear(color.red), linear(color.green), linear(color.blue))
    func f(_ t: Double) -> Double {
      t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116
    }
    let x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
    let y = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
    let z = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883)
    self.init(116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  /// CIEDE2000: about 1 is just told apart, 10 at a glance.
  ///
  /// - Source: Sharma, Wu & Dalal, 2005, "The CIEDE2000 color-difference formula".
  func difference(to other: LabColor) -> Double {
    let meanChroma = (hypot(a, b) + hypot(other.a, other.b)) / 2
    let power = pow(meanChroma, 7)
    let g = 0.5 * (1 - (power / (power + pow(25, 7))).squareRoot())
    let (a1, a2) = ((1 + g) * a, (1 + g) * other.a)
    let (c1, c2) = (hypot(a1, b), hypot(a2, other.b))
    func hue(_ a: Double, _ b: Double) -> Double {
      a == 0 && b == 0 ? 0 : (atan2(b, a) * 180 / .pi + 360).truncatingRemainder(dividingBy: 360)
    }
    let (h1, h2) = (hue(a1, b), hue(a2, other.b))
    var turn = c1 * c2 == 0 ? 0 : h2 - h1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    var meanHue = h1 + h2
    if c1 * c2 != 0 {
      meanHue =
        abs(h1 - h2) <= 180
        ? (h1 + h2) / 2 : h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2
    }
    func degrees(_ angle: Double) -> Double { angle * .pi / 180 }
    let (dl, dc) = (other.l - l, c2 - c1)
    let dh = 2 * (c1 * c2).squareRoot() * sin(degrees(turn / 2))
    let (meanL, meanC) = ((l + other.l) / 2, (c1 + c2) / 2)
    let t =
      1 - 0.17 * cos(degrees(meanHue - 30)) + 0.24 * cos(degrees(2 * meanHue))
      + 0.32 * cos(degrees(3 * meanHue + 6)) - 0.2 * cos(degrees(4 * meanHue - 63))
    let offset = (meanL - 50) * (meanL - 50)
    let sl = 1 + 0.015 * offset / (20 + offset).squareRoot()
    let (sc, sh) = (1 + 0.045 * meanC, 1 + 0.015 * meanC * t)
    let rotation = 30 * exp(-pow((meanHue - 275) / 25, 2))
    let chromaPower = pow(meanC, 7)
    let rc = 2 * (chromaPower / (chromaPower + pow(25, 7))).squareRoot()
    let (x, y, z) = (dl / sl, dc / sc, dh / sh)
    return (x * x + y * y + z * z - sin(degrees(2 * rotation)) * rc * y * z).squareRoot()
  }
}

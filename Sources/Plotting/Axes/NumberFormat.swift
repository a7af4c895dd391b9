internal import Foundation
internal import Support

/// How numbers are written on a figure.
public enum NumberFormat: Hashable, Sendable {
  /// As they are.
  case plain
  /// Fractions as percentages.
  case percent

  /// A number for a label: three or four decimals below ten, fewer above; percentages with one.
  public func text(_ value: Double) -> String {
    switch self {
    case .percent: return value.percentage()
    case .plain:
      if value == 0 { return "0" }
      if Self.needsPowerOfTen(value) { return Self.powerOfTen(value) }
      let size = abs(value)
      return value.decimal(size < 0.1 ? 4 : size < 10 ? 3 : size < 1000 ? 1 : 0)
    }
  }

  /// A number on an axis: a whole one without decimals.
  func ofTick(_ value: Double) -> String {
    self == .plain && value == value.rounded() && abs(value) < 1e6
      ? value.decimal(0) : text(value)
  }

  /// Labels of ticks, all in one notation: powers of ten if there would be many decimals.
  func labels(of ticks: [Double], decimals: (Double) -> Int) -> [String] {
    let hasPowers = ticks.contains { $0 != 0 && (decimals($0) > 4 || abs($0) >= 1e6) }
    return ticks.map { tick in
      switch self {
      case .percent: tick.percentage(decimals: max(0, decimals(tick) - 2))
      case .plain where tick == 0: "0"
      case .plain where hasPowers: Self.powerOfTen(tick)
      case .plain: tick.decimal(decimals(tick))
      }
    }
  }

  private static func needsPowerOfTen(_ value: Double) -> Bool {
    value != 0 && (abs(value) < 0.001 * (1 - 1e-9) || abs(value) >= 1e6)
  }

  /// A number such as 2.5 × 10⁻⁴, with at most two decimals.
  private static func powerOfTen(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "∞" }
    var exponent = Int(floor(log10(abs(value))))
    var mantissa = (value / pow(10, Double(exponent)) * 100).rounded() / 100
    if abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let superscripts: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    if exponent == 0 { return mantissa.decimal(mantissa == mantissa.rounded() ? 0 : 2) }
    let power = "10" + String("\(exponent)".compactMap { superscripts[$0] })
    if mantissa == 1 { return power }
    let decimals = (0...2).first {
      abs((mantissa * pow(10, Double($0))).rounded() / pow(10, Double($0)) - mantissa) < 1e-9
    }
    return "\(mantissa.decimal(decimals ?? 2))\u{2009}×\u{2009}\(power)"
  }
}

internal import Foundation

// Numbers as people read them.
extension Double {
  /// Nil for what JSON has no number for.
  package var finite: Double? { isFinite ? self : nil }

  /// All its digits; `nan`, whatever its sign.
  package var text: String { isNaN ? "nan" : "\(self)" }

  /// Few digits, without trailing zeros: 0.002, 1e-05.
  package var short: String { isNaN ? text : String(format: "%.3g", self) }

  /// A decimal number with a true minus sign and commas between groups of three digits.
  package func decimal(_ decimals: Int) -> String {
    let digits = String(format: "%.\(decimals)f", abs(self))
    let parts = digits.split(separator: ".")
    let whole = parts.first ?? "0"
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    let isZero = !digits.contains { $0 != "0" && $0 != "." }
    let sign = self < 0 && !isZero ? "\u{2212}" : ""
    return sign + grouped + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// A fraction as a percentage: 0.9163 is "91.6%".
  package func percentage(decimals: Int = 1) -> String { "\((self * 100).decimal(decimals))%" }

  /// Seconds in words: "4.5 s", "45 s", "2 min 5 s", "1 h 2 min".
  package var duration: String {
    let total = Int(rounded())
    if total < 60 { return self < 10 ? "\(decimal(1)) s" : "\(total) s" }
    if total < 3600 { return "\(total / 60) min \(total % 60) s" }
    return "\(total / 3600) h \(total / 60 % 60) min"
  }
}

extension Float {
  /// The nearest number of two significant digits.
  package var withTwoDigits: Float { Float(String(format: "%.1e", self)) ?? self }
}

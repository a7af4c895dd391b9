internal import Foundation
internal import Optimization

/// Numbers as students type them: `6`, `6.0`, `2/3`, `1e-3`, `ln(2)`, `90%`, `12,288`.
enum NumberText {
  enum Reading: Hashable {
    /// `note` says how a text was read that could be read in another way.
    case number(Double, note: String?)
    case unreadable(expected: String)
  }

  /// Reads a number, or arithmetic that gives one.
  ///
  /// - Parameter isWhole: Whether a whole number is asked for: a comma before three digits then
  ///   groups them, as in 12,288; otherwise a single comma is read as a decimal point.
  static func read(_ text: String, isWhole: Bool) -> Reading {
    let expected = Reading.unreadable(
      expected: isWhole ? "a whole number, such as 640" : "a number, such as 0.5, 2/3 or 1e-3")
    var written = text.trimmingCharacters(in: .whitespaces)
    // What it is of: "x = 6".
    if let sign = written.lastIndex(of: "=") { written = String(written[sign...].dropFirst()) }
    written = written.trimmingCharacters(in: .whitespaces).lowercased()
      .replacing("\u{2212}", with: "-").replacing("×", with: "*").replacing("·", with: "*")
      .replacing("ln(", with: "log(")
    let isPercentage = written.hasSuffix("%")
    if isPercentage { written.removeLast() }
    let (digits, note) = withoutCommas(written, isWhole: isWhole)
    guard let formula = try? Formula(digits, variables: []) else { return expected }
    let value = formula.value(at: [])
    guard value.isFinite else { return expected }
    return .number(isPercentage ? value / 100 : value, note: note)
  }

  /// The text with points for commas, or without those that group digits, and what was done.
  private static func withoutCommas(_ text: String, isWhole: Bool) -> (String, note: String?) {
    let isGrouped = text.wholeMatch(of: /[-+]?[0-9]{1,3}(,[0-9]{3})+/) != nil
    if isGrouped, isWhole || text.filter({ $0 == "," }).count > 1 {
      return (text.replacing(",", with: ""), nil)
    }
    guard text.wholeMatch(of: /[-+]?[0-9]*,[0-9]+(e[-+]?[0-9]+)?/) != nil else {
      return (text, nil)
    }
    let number = text.replacing(",", with: ".")
    return (number, "read as \(number)")
  }
}

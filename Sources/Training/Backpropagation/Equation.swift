internal import Foundation
internal import Support

// Numbers in formulas, with a true minus sign.
extension Double {
  /// Some significant digits, without trailing zeros.
  package func significant(_ digits: Int) -> String {
    isNaN ? "nan" : String(format: "%.\(digits)g", self).replacing("-", with: "−")
  }

  /// The same, in brackets below 0, as a factor or a summand.
  package func factor(_ digits: Int) -> String {
    self < 0 ? "(\(significant(digits)))" : significant(digits)
  }
}

/// Equations of several sides on lines of 80 columns.
package struct Equation: Sendable {
  let left: String
  /// Summands of each side.
  let sides: [[String]]

  /// - Parameter sides: Of which one that is written like the one before is left out.
  init(left: String, sides: [[String]]) {
    self.left = left
    self.sides = sides.reduce(into: []) { sides, side in
      let text = Self.clean(side.joined(separator: " + "))
      if sides.last.map({ Self.clean($0.joined(separator: " + ")) }) != text { sides.append(side) }
    }
  }

  private static let width = 80, indent = 3

  /// All of it.
  package var oneLine: String {
    ([left] + sides.map { Self.clean($0.joined(separator: " + ")) }).joined(separator: " = ")
  }

  package var lines: [String] {
    let margin = String(repeating: " ", count: Self.indent)
    let whole = margin + oneLine
    guard whole.count > Self.width else { return [whole] }
    let rest = String(repeating: " ", count: Self.indent + left.count)
    return sides.enumerated().flatMap { index, side in
      let start = (index == 0 ? margin + left : rest) + " = "
      let parts = Self.parts(of: Self.clean(side.joined(separator: " + ")))
      let lines = parts.lines(width: Self.width - start.count, separator: " ")
      return lines.enumerated().map { number, line in
        (number == 0 ? start : String(repeating: " ", count: start.count)) + line
      }
    }
  }

  /// A text, cut after every plus sign and comma.
  private static func parts(of text: String) -> [String] {
    text.split(separator: " ").reduce(into: [String]()) { parts, word in
      if let last = parts.last, last.last != "+", last.last != "," {
        parts[parts.count - 1] += " " + word
      } else {
        parts.append(String(word))
      }
    }
  }

  /// Without brackets that say nothing.
  private static func clean(_ text: String) -> String {
    let short = text.replacing(" + −", with: " − ")
      .replacing(/\((\(−[0-9.e−]+\))\)/) { String($0.1) }
      .replacing(/, \((−[0-9.e−]+)\)/) { ", \($0.1)" }
    return short.wholeMatch(of: /\((−[0-9.e−]+)\)/).map { String($0.1) } ?? short
  }
}

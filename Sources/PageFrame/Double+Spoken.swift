internal import Foundation

extension Double {
  /// As a sentence of a page has it: three digits, and a true minus sign.
  package var spoken: String {
    String(format: "%.3g", self).replacing("-", with: "\u{2212}")
  }
}

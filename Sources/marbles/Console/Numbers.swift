import Foundation
import Support

// Numbers as people read them in a terminal.
extension Double {
  /// With a fixed number of digits after the point.
  func digits(_ count: Int) -> String {
    isNaN ? text : String(format: "%.\(count)f", self)
  }

  /// Seconds as "0:14", "12:05" or "1:02:03".
  var clock: String {
    let total = Int(rounded())
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, seconds)
      : String(format: "%d:%02d", minutes, seconds)
  }
}

extension String {
  /// Filled with spaces on the left, counting what is seen.
  func right(_ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Filled with spaces on the right, counting what is seen.
  func left(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// On one line and without codes that a terminal would obey; each becomes a question mark.
  var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.isObeyed ? "?" : $0 }))
  }

  /// Each line without codes that a terminal would obey.
  var withoutCodes: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
      .joined(separator: "\n")
  }

  /// Cut in the middle to fit, and printable.
  func fitted(_ width: Int) -> String {
    let clean = printable
    guard clean.count > width, width > 3 else { return clean }
    let head = (width - 1) / 2
    return clean.prefix(head) + "…" + clean.suffix(width - 1 - head)
  }
}

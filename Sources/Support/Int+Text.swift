// Numbers as people read them.
extension Int {
  /// Digits in groups of three: 11,200.
  package var grouped: String {
    let digits = String(magnitude)
    var groups: [Substring] = []
    var rest = digits[...]
    while !rest.isEmpty {
      groups.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    return (self < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// At least as many digits, with zeros before them: `0042`.
  package func padded(to digits: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }

  /// "1 image", "3 images".
  package func counted(_ noun: String) -> String {
    self == 1 ? "1 \(noun)" : "\(grouped) \(noun.hasSuffix("s") ? "\(noun)es" : "\(noun)s")"
  }
}

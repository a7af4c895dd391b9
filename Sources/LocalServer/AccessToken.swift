/// A secret of 128 random bits that only the user of the server has.
package struct AccessToken: Sendable {
  /// Thirty-two hexadecimal digits.
  package let text: String

  /// Draws a token from the random numbers of the system.
  package init() {
    var system = SystemRandomNumberGenerator()
    text = (0..<16).map { _ in
      let digits = String(UInt8.random(in: 0...255, using: &system), radix: 16)
      return digits.count == 1 ? "0\(digits)" : digits
    }.joined()
  }

  /// Whether a text is the token; the time this takes tells nothing about where they differ.
  package func equals(_ candidate: some StringProtocol) -> Bool {
    let (a, b) = (Array(text.utf8), Array(candidate.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

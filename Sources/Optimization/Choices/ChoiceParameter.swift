/// A number, a list of numbers or a switch that a choice can be given.
public struct ChoiceParameter: Hashable, Sendable {
  /// What is written after the equals sign.
  public enum Kind: Hashable, Sendable {
    /// A number in the range, as in `delta=0.5`.
    case number(ClosedRange<Double>)
    /// A whole number in the range, as in `steps=5`.
    case count(ClosedRange<Double>)
    /// Numbers in the range with slashes between them, as in `at=0.5/0.75`.
    case list(ClosedRange<Double>)
    /// `true` or `false`, kept as 1 or 0.
    case flag
  }

  /// What is written before the equals sign.
  public let name: String
  /// What may be written after it.
  public let kind: Kind
  /// What holds when it is not given: one number but for lists.
  public let defaultValues: [Double]
  /// What it means, in a few words.
  public let summary: String

  /// A number with one default.
  public init(
    _ name: String, _ defaultValue: Double, in range: ClosedRange<Double>, _ summary: String
  ) {
    self.init(name, .number(range), [defaultValue], summary)
  }

  /// A parameter of any kind.
  public init(_ name: String, _ kind: Kind, _ defaultValues: [Double], _ summary: String) {
    self.name = name
    self.kind = kind
    self.defaultValues = defaultValues
    self.summary = summary
  }

  /// The default as it would be written.
  public var defaultText: String { text(of: defaultValues) }

  /// Values as they are written: no digits that do not matter.
  func text(of values: [Double]) -> String {
    if kind == .flag { return values == [1] ? "true" : "false" }
    return values.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
      .joined(separator: "/")
  }

  /// Reads what was written after the equals sign.
  ///
  /// - Throws: What would have been right, as in "a number from 0 to 1".
  func values(in text: String) throws(ExpectedValue) -> [Double] {
    switch kind {
    case .flag:
      switch text {
      case "true": return [1]
      case "false": return [0]
      default: throw ExpectedValue("true or false")
      }
    case .number(let range):
      return try numbers([text[...]], range, "a number from \(limits(range))") { _ in true }
    case .count(let range):
      return try numbers([text[...]], range, "a whole number from \(limits(range))") {
        $0 == $0.rounded()
      }
    case .list(let range):
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let expected = "numbers from \(limits(range)) with slashes between them"
      return try numbers(parts, range, expected) { _ in true }
    }
  }

  private func numbers(
    _ parts: [Substring], _ range: ClosedRange<Double>, _ expected: String,
    _ isAllowed: (Double) -> Bool
  ) throws(ExpectedValue) -> [Double] {
    var values: [Double] = []
    for part in parts {
      guard let value = Double(part), range.contains(value), isAllowed(value) else {
        throw ExpectedValue(expected)
      }
      values.append(value)
    }
    return values
  }

  private func limits(_ range: ClosedRange<Double>) -> String {
    "\(text(of: [range.lowerBound])) to \(text(of: [range.upperBound]))"
  }
}

/// What a parameter would have taken.
struct ExpectedValue: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

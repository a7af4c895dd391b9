/// A parameter of a choice: a number, a list of numbers or a flag.
public struct ChoiceParameter: Hashable, Sendable {
  /// What is written after the equals sign.
  public enum Kind: Hashable, Sendable {
    /// A number in the range, as in `delta=0.5`.
    case number(ClosedRange<Double>)
    /// A whole number in the range, as in `steps=5`.
    case count(ClosedRange<Double>)
    /// Numbers in the range in ascending order, separated by slashes, as in `at=0.5/0.75`.
    case ascending(ClosedRange<Double>)
    /// A number in the range for each class, separated by slashes, as in `weights=1/3`.
    case perClass(ClosedRange<Double>)
    /// `true` or `false`, with the value 1 or 0.
    case flag
  }

  /// The name, before the equals sign.
  public let name: String
  /// What may be written after it.
  public let kind: Kind
  /// The values if it is not given: one, except for lists.
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

  /// The default as text.
  public var defaultText: String { text(of: defaultValues) }

  /// Values as text, without insignificant digits.
  func text(of values: [Double]) -> String {
    if kind == .flag { return values == [1] ? "true" : "false" }
    return values.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
      .joined(separator: "/")
  }

  /// Reads what was written after the equals sign.
  ///
  /// - Throws: What was expected, such as "a number from 0 to 1".
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
    case .ascending(let range):
      let expected = "ascending numbers from \(limits(range)), separated by slashes"
      let values = try list(text, range, expected)
      guard values == values.sorted() else { throw ExpectedValue(expected) }
      return values
    case .perClass(let range):
      let expected = "numbers from \(limits(range)), one per class, separated by slashes"
      return try list(text, range, expected)
    }
  }

  private func list(
    _ text: String, _ range: ClosedRange<Double>, _ expected: String
  ) throws(ExpectedValue) -> [Double] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return try numbers(parts, range, expected) { _ in true }
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

/// What a parameter expects.
struct ExpectedValue: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

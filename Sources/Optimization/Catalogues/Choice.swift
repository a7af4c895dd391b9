/// An entry of a catalogue with a value for every parameter.
///
/// The text is `name` or `name:key=value,key=value`: `huber`, `huber:delta=0.5`,
/// `multi-step:at=0.5/0.75,factor=0.2`. Parameters that are not given have their defaults.
public struct Choice<Entry: CatalogueEntry>: Hashable, Sendable, CustomStringConvertible {
  /// The entry, with its factory.
  public let entry: Entry
  /// The values of its parameters.
  public let values: ChoiceValues

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String, in catalogue: Catalogue<Entry>) throws(ChoiceError) {
    let text = ChoiceText(text)
    entry = try catalogue.entry(named: text.name)
    values = try ChoiceValues(text, parameters: entry.parameters)
  }

  /// An entry with all its defaults.
  public init(_ entry: Entry) {
    self.entry = entry
    values = ChoiceValues(of: entry.name, parameters: entry.parameters)
  }

  /// The name without parameters.
  public var name: String { entry.name }

  /// The shortest text that means the same: parameters at their default are left out.
  public var description: String { values.description }

  public static func == (a: Choice, b: Choice) -> Bool { a.values == b.values }

  public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

/// The text of a choice, split at its colon.
struct ChoiceText {
  /// The text before the colon.
  let name: String
  /// The text after it; nil without a colon.
  let parameters: Substring?

  init(_ text: String) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(halves.first ?? "")
    parameters = halves.count == 2 ? halves[1] : nil
  }
}

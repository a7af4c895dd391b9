/// Something that is chosen by a text, and saved as that text.
public protocol WrittenChoice: Codable, CustomStringConvertible {
  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  init(_ text: String) throws(ChoiceError)
}

extension WrittenChoice {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// An entry of a catalogue, or after `expr:` a formula of one's own.
enum ChoiceOrFormula: Hashable, Sendable, CustomStringConvertible {
  case named(Choice)
  case formula(Formula)

  /// Reads a choice.
  ///
  /// - Parameters:
  ///   - kind: What the entries are called, as in "objective".
  ///   - variables: What a formula may use.
  /// - Throws: `ChoiceError` that says what was expected.
  init(
    _ text: String, from catalogue: [ChoiceEntry], kind: String, variables: [String]
  ) throws(ChoiceError) {
    if let formula = try Formula(choice: text, variables: variables) {
      self = .formula(formula)
    } else {
      self = .named(try Choice(text, from: catalogue, kind: kind))
    }
  }

  /// The shortest text that means the same.
  var description: String {
    switch self {
    case .named(let choice): choice.description
    case .formula(let formula): "expr:\(formula)"
    }
  }
}

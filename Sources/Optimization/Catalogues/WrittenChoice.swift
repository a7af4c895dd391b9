/// A choice that is saved as its text.
public protocol WrittenChoice: Codable, CustomStringConvertible {
  /// What a text is looked up in.
  associatedtype Catalogue: Sendable

  /// The catalogue of Marbles itself.
  static var standardCatalogue: Catalogue { get }

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  init(_ text: String, in catalogue: Catalogue) throws(ChoiceError)
}

extension WrittenChoice {
  /// Reads a choice from the standard catalogue.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    try self.init(text, in: Self.standardCatalogue)
  }

  /// The key of a decoder's `userInfo` that may hold a catalogue other than the standard one.
  public static var catalogueKey: CodingUserInfoKey {
    guard let key = CodingUserInfoKey(rawValue: "catalogue of \(Self.self)") else {
      preconditionFailure("no key for \(Self.self)")
    }
    return key
  }

  public init(from decoder: any Decoder) throws {
    let catalogue = decoder.userInfo[Self.catalogueKey] as? Catalogue ?? Self.standardCatalogue
    try self.init(decoder.singleValueContainer().decode(String.self), in: catalogue)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// An entry of a catalogue, or a formula, which is written after `expr:`.
enum ChoiceOrFormula<Entry: CatalogueEntry>: Hashable, Sendable, CustomStringConvertible {
  case named(Choice<Entry>)
  case formula(Formula)

  /// Reads a choice.
  ///
  /// - Parameter variables: What a formula may use.
  /// - Throws: `ChoiceError` that says what was expected.
  init(
    _ text: String, in catalogue: Catalogue<Entry>, variables: [String]
  ) throws(ChoiceError) {
    if let formula = try Formula(choice: text, variables: variables) {
      self = .formula(formula)
    } else {
      self = .named(try Choice(text, in: catalogue))
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

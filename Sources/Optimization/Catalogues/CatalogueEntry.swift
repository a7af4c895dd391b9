/// Something that can be chosen by name: an optimizer, an objective, a schedule, a surface.
///
/// An entry also carries its factory, `make`, whose arguments depend on the kind of entry.
public protocol CatalogueEntry: Sendable {
  /// What an entry is called in messages, such as "objective".
  static var kind: String { get }

  /// The name in text, in lowercase letters, digits and hyphens.
  var name: String { get }

  /// What it does, in one line.
  var summary: String { get }

  /// Its parameters, with defaults and ranges.
  var parameters: [ChoiceParameter] { get }
}

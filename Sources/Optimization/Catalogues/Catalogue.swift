/// The entries of one kind that a text can name, in the order in which they are listed.
///
/// A catalogue is a value: `ObjectiveCatalogue.standard.adding(entry)` also knows an objective that
/// is defined elsewhere.
public struct Catalogue<Entry: CatalogueEntry>: Sendable {
  /// All entries.
  public let entries: [Entry]

  /// Creates a catalogue.
  ///
  /// - Precondition: Names are unique and can be written: they are neither empty nor `expr`, and
  ///   contain no blank and none of `:,=/`. The same holds for the parameters of each entry.
  public init(_ entries: [Entry]) {
    self.entries = entries
    Self.check(entries.map(\.name))
    for entry in entries { Self.check(entry.parameters.map(\.name)) }
  }

  /// The names of all entries, in order.
  public var allNames: [String] { entries.map(\.name) }

  /// The entry of a name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// This catalogue and one more entry.
  ///
  /// - Precondition: The name is new and can be written.
  public func adding(_ entry: Entry) -> Catalogue { Catalogue(entries + [entry]) }

  /// Finds the entry that a choice names.
  ///
  /// - Throws: `ChoiceError.unknown`.
  public func entry(named name: String) throws(ChoiceError) -> Entry {
    guard let entry = self[name] else {
      throw .unknown(kind: Entry.kind, name: name, known: allNames)
    }
    return entry
  }

  private static func check(_ names: [String]) {
    precondition(Set(names).count == names.count, "a name occurs twice in \(names)")
    for name in names {
      precondition(
        !name.isEmpty && name != "expr" && !name.contains { " :,=/".contains($0) },
        "'\(name)' cannot be written as the name of an entry or parameter (\(Entry.kind))")
    }
  }
}

/// A line search in a catalogue.
public struct LineSearchEntry: CatalogueEntry {
  public static let kind = "line search"

  public let name: String, summary: String
  public let parameters: [ChoiceParameter]
  /// The first length that gradient descent tries on a surface.
  public let firstLength: @Sendable (Surface) -> Double
  /// Makes the line search.
  public let make: @Sendable (ChoiceValues) -> any LineSearch

  /// Creates an entry.
  public init(
    _ name: String, _ summary: String, _ parameters: [ChoiceParameter] = [],
    firstLength: @escaping @Sendable (Surface) -> Double,
    make: @escaping @Sendable (ChoiceValues) -> any LineSearch
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.firstLength = firstLength
    self.make = make
  }
}

/// The line searches that a text can name.
public typealias LineSearchCatalogue = Catalogue<LineSearchEntry>

extension LineSearchCatalogue {
  /// Marbles' own line searches.
  public static var standard: LineSearchCatalogue { Catalogue([.backtracking, .wolfe]) }
}

extension LineSearchEntry {
  static let backtracking = LineSearchEntry(
    "backtracking", "gradient descent, its step halved until it is low enough",
    firstLength: { _ in 1 }
  ) { _ in BacktrackingSearch() }

  static let wolfe = LineSearchEntry(
    "wolfe", "gradient descent with a line search to a flat place",
    firstLength: { $0.slopeRate }
  ) { _ in WolfeSearch() }
}

/// An objective in a catalogue.
public struct ObjectiveEntry: CatalogueEntry {
  public static let kind = "objective"

  public let name: String, summary: String
  public let parameters: [ChoiceParameter]
  /// Makes the objective.
  public let make: @Sendable (ChoiceValues) -> any SampleObjective

  /// Creates an entry.
  public init(
    _ name: String, _ summary: String, _ parameters: [ChoiceParameter] = [],
    make: @escaping @Sendable (ChoiceValues) -> any SampleObjective
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.make = make
  }
}

/// The objectives that a text can name; `expr:` takes a formula.
public typealias ObjectiveCatalogue = Catalogue<ObjectiveEntry>

extension ObjectiveCatalogue {
  /// Marbles' own objectives.
  public static var standard: ObjectiveCatalogue {
    Catalogue([
      .crossEntropy, .binaryCrossEntropy, .focal, .polyOne, .generalizedCrossEntropy,
      .kullbackLeibler, .jensenShannon, .brier, .hinge, .squaredHinge, .cosine, .meanSquaredError,
      .meanAbsoluteError, .huber, .smoothAbsolute, .logCosh, .quantile,
    ])
  }
}

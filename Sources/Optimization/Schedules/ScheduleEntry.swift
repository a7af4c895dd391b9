/// A schedule in a catalogue.
public struct ScheduleEntry: CatalogueEntry {
  public static let kind = "schedule"

  /// The rate at a position, as a fraction of the peak.
  public typealias Scale = @Sendable (SchedulePosition) -> Double

  public let name: String, summary: String
  public let parameters: [ChoiceParameter]
  /// Default epochs of warm-up.
  public let warmup: Double
  /// Makes the function that gives the rate.
  public let make: @Sendable (ChoiceValues) -> Scale
  /// When the rate drops, for a schedule that depends on the validation loss.
  let plateauRule: (@Sendable (ChoiceValues) -> PlateauRule)?

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - warmup: Default epochs of warm-up; 0 for a schedule that rises by itself.
  ///   - make: Makes the function that gives the rate.
  public init(
    _ name: String, _ summary: String, warmup: Double = 0.5, _ parameters: [ChoiceParameter] = [],
    make: @escaping @Sendable (ChoiceValues) -> Scale
  ) {
    self.init(name, summary, warmup: warmup, parameters, plateauRule: nil, make: make)
  }

  init(
    _ name: String, _ summary: String, warmup: Double = 0.5, _ parameters: [ChoiceParameter],
    plateauRule: (@Sendable (ChoiceValues) -> PlateauRule)?,
    make: @escaping @Sendable (ChoiceValues) -> Scale
  ) {
    self.name = name
    self.summary = summary
    self.warmup = warmup
    self.parameters = parameters
    self.plateauRule = plateauRule
    self.make = make
  }
}

/// The schedules that a text can name; `expr:` takes a formula.
public typealias ScheduleCatalogue = Catalogue<ScheduleEntry>

extension ScheduleCatalogue {
  /// Marbles' own schedules.
  ///
  /// Places are fractions of the run after the warm-up, so that they fit a run of any length.
  public static var standard: ScheduleCatalogue {
    Catalogue([
      .constant, .cosine, .step, .multiStep, .exponential, .polynomial, .oneCycle, .triangle,
      .inverseSquareRoot, .warmupStableDecay, .plateau,
    ])
  }
}

/// Where a run is: what a schedule computes its rate from.
public struct SchedulePosition: Sendable {
  /// Steps since the warm-up, from 0, and steps after the warm-up, at least 1.
  public let step: Int, length: Int
  /// The state that results from the validation losses so far.
  public let plateau: PlateauState

  /// The fraction of the run after the warm-up that has passed: 0 at first, never more than 1.
  public var t: Double { min(1, Double(step) / Double(length)) }

  /// Creates a position.
  public init(step: Int, length: Int, plateau: PlateauState = PlateauState()) {
    (self.step, self.length, self.plateau) = (step, length, plateau)
  }
}

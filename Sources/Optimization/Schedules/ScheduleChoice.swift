/// A schedule as text: `cosine`, `step:every=0.25` or `expr:peak*(1-t)`.
public struct ScheduleChoice: Hashable, Sendable, WrittenChoice {
  /// What a formula may use; `LearningRateSchedule` says what they mean.
  public static let variables = ["step", "epoch", "t", "peak"]

  let kind: ChoiceOrFormula<ScheduleEntry>

  /// The same rate throughout.
  public static let constant = ScheduleChoice(.constant)
  /// The default schedule of training.
  public static let cosine = ScheduleChoice(.cosine)
  /// A straight line up and another one down.
  public static let triangle = ScheduleChoice(.triangle)

  /// Every standard schedule with its defaults.
  public static var all: [ScheduleChoice] {
    ScheduleCatalogue.standard.entries.map(ScheduleChoice.init(_:))
  }

  public static var standardCatalogue: ScheduleCatalogue { .standard }

  /// A schedule with its defaults.
  public init(_ entry: ScheduleEntry) { kind = .named(Choice(entry)) }

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String, in catalogue: ScheduleCatalogue) throws(ChoiceError) {
    kind = try ChoiceOrFormula(text, in: catalogue, variables: Self.variables)
  }

  /// The shortest text that means the same.
  public var description: String { kind.description }

  /// Default epochs of warm-up; schedules that rise by themselves, and formulas, need none.
  public var defaultWarmup: Double {
    switch kind {
    case .named(let choice): choice.entry.warmup
    case .formula: 0
    }
  }

  /// Whether the schedule depends on the validation loss.
  public var followsValidationLoss: Bool { plateauRule != nil }

  /// When the rate drops, if that depends on the validation loss.
  var plateauRule: PlateauRule? {
    switch kind {
    case .named(let choice): choice.entry.plateauRule?(choice.values)
    case .formula: nil
    }
  }
}

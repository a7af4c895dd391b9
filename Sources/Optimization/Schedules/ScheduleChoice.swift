/// A schedule by the name of the command line: `cosine`, `step:every=0.25` or `expr:peak*(1-t)`.
public struct ScheduleChoice: Hashable, Sendable, WrittenChoice {
  /// What a formula may use; `LearningRateSchedule` says what they mean.
  static let variables = ["step", "epoch", "t", "peak"]

  let kind: ChoiceOrFormula

  /// The same rate throughout, and the course that is taken when nothing else is asked for.
  public static let constant = ScheduleChoice(.named(Choice(catalogue[0])))
  public static let cosine = ScheduleChoice(.named(Choice(catalogue[1])))

  /// Every named schedule with its defaults.
  public static let all = catalogue.map { ScheduleChoice(.named(Choice($0))) }

  private init(_ kind: ChoiceOrFormula) { self.kind = kind }

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    kind = try ChoiceOrFormula(
      text, from: Self.catalogue, kind: "schedule", variables: Self.variables)
    if case .named(let choice) = kind, choice.name == "multi-step",
      choice.list("at") != choice.list("at").sorted()
    {
      throw .badValue(
        choice: choice.name, parameter: "at", value: choice.text("at"),
        expected: "numbers in ascending order")
    }
  }

  /// The shortest text that means the same.
  public var description: String { kind.description }

  /// Epochs of warm-up when none are asked for: courses that rise by themselves, and formulas,
  /// need none.
  public var defaultWarmup: Double {
    if case .named(let choice) = kind, !["one-cycle", "triangle"].contains(choice.name) {
      0.5
    } else {
      0
    }
  }
}

/// An objective as text: `mse`, `huber:delta=0.5` or `expr:abs(y-p)`.
public struct ObjectiveChoice: Hashable, Sendable, WrittenChoice {
  private let kind: ChoiceOrFormula<ObjectiveEntry>

  /// The default objective of training.
  public static let crossEntropy = ObjectiveChoice(.crossEntropy)

  /// What a formula may use.
  public static let variables = FormulaObjective.variables

  public static var standardCatalogue: ObjectiveCatalogue { .standard }

  /// An objective with its defaults.
  public init(_ entry: ObjectiveEntry) { kind = .named(Choice(entry)) }

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String, in catalogue: ObjectiveCatalogue) throws(ChoiceError) {
    kind = try ChoiceOrFormula(text, in: catalogue, variables: Self.variables)
  }

  /// The shortest text that means the same.
  public var description: String { kind.description }

  /// The name without parameters; `expr` for a formula.
  public var name: String {
    switch kind {
    case .named(let choice): choice.name
    case .formula: "expr"
    }
  }

  /// Makes the objective for a number of classes.
  ///
  /// - Parameter labelSmoothing: Fraction of the target that is spread over all classes, 0..<1.
  /// - Throws: `ChoiceError.badValue` if the number of values of a per-class parameter is not the
  ///   number of classes.
  public func makeObjective(
    classCount: Int, labelSmoothing: Float = 0
  ) throws(ChoiceError) -> any Objective {
    if case .named(let choice) = kind { try choice.values.check(classCount: classCount) }
    let objective = sampleObjective
    return labelSmoothing == 0 ? objective : objective.smoothed(by: labelSmoothing)
  }

  /// The loss of a single sample.
  var sampleObjective: any SampleObjective {
    switch kind {
    case .named(let choice): choice.entry.make(choice.values)
    case .formula(let formula): FormulaObjective(formula: formula)
    }
  }
}

extension ChoiceValues {
  /// Checks that per-class lists have one value for each class; an empty list is always valid.
  fileprivate func check(classCount: Int) throws(ChoiceError) {
    for parameter in parameters {
      guard case .perClass = parameter.kind else { continue }
      let values = list(parameter.name)
      guard values.isEmpty || values.count == classCount else {
        throw .badValue(
          choice: name, parameter: parameter.name, value: text(parameter.name),
          expected: "one number for each of the \(classCount) classes")
      }
    }
  }
}

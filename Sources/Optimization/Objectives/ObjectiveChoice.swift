/// An objective by the name of the command line: `mse`, `huber:delta=0.5` or `expr:abs(y-p)`.
public struct ObjectiveChoice: Hashable, Sendable, WrittenChoice {
  private let kind: ChoiceOrFormula

  /// What trains when nothing else is asked for.
  public static let crossEntropy = ObjectiveChoice(.named(Choice(catalogue[0])))

  private init(_ kind: ChoiceOrFormula) { self.kind = kind }

  /// Reads a choice.
  ///
  /// - Throws: `ChoiceError` that says what was expected.
  public init(_ text: String) throws(ChoiceError) {
    kind = try ChoiceOrFormula(
      text, from: Self.catalogue, kind: "objective", variables: FormulaObjective.variables)
  }

  /// The shortest text that means the same.
  public var description: String { kind.description }

  /// The name without parameters; `expr` for a formula.
  public var name: String {
    if case .named(let choice) = kind { choice.name } else { "expr" }
  }

  /// The formula, if the objective is one's own.
  public var formula: Formula? {
    if case .formula(let formula) = kind { formula } else { nil }
  }

  /// The objective for a number of classes.
  ///
  /// - Parameter labelSmoothing: Part of the target spread over all classes, 0..<1.
  /// - Throws: `ChoiceError.badValue` when there are not as many weights as classes.
  public func makeObjective(
    classCount: Int, labelSmoothing: Float = 0
  ) throws(ChoiceError) -> any Objective {
    if case .named(let choice) = kind, choice.name == "cross-entropy" {
      let weights = choice.list("weights").map { Float($0) }
      guard weights.isEmpty || weights.count == classCount else {
        throw .badValue(
          choice: choice.name, parameter: "weights", value: choice.text("weights"),
          expected: "one number for each of the \(classCount) classes")
      }
      return SoftmaxCrossEntropy(labelSmoothing: labelSmoothing, classWeights: weights)
    }
    return labelSmoothing == 0
      ? sampleObjective : SmoothedObjective(base: sampleObjective, smoothing: labelSmoothing)
  }

  /// The loss of one number that should have been another, for the losses of regression.
  var errorLoss: ErrorLoss? {
    guard case .named(let choice) = kind else { return nil }
    return switch choice.name {
    case "mse": .squared
    case "mae": .absolute
    case "huber": .huber(delta: choice["delta"])
    case "smooth-l1": .smoothAbsolute(beta: choice["beta"])
    case "log-cosh": .logCosh
    case "quantile": .quantile(tau: choice["tau"])
    default: nil
    }
  }

  /// Whether a loss of regression is told to compare probabilities instead of logits.
  var comparesProbabilities: Bool {
    guard case .named(let choice) = kind, errorLoss != nil else { return false }
    return choice["probabilities"] == 1
  }

  /// The loss of a single sample; cross-entropy without its weights, which belong to a batch.
  var sampleObjective: any SampleObjective {
    switch kind {
    case .formula(let formula): return FormulaObjective(formula: formula)
    case .named(let choice):
      if let errorLoss {
        return RegressionObjective(loss: errorLoss, ofProbabilities: comparesProbabilities)
      }
      switch choice.name {
      case "binary-cross-entropy": return BinaryCrossEntropyObjective()
      case "focal": return FocalObjective(gamma: choice["gamma"])
      case "poly-1": return PolyOneObjective(epsilon: choice["epsilon"])
      case "kl": return KullbackLeiblerObjective()
      case "jensen-shannon": return JensenShannonObjective()
      case "brier": return BrierObjective()
      case "hinge", "squared-hinge":
        return HingeObjective(
          margin: choice["margin"], isSquared: choice.name == "squared-hinge")
      case "cosine": return CosineObjective()
      default: return PolyOneObjective(epsilon: 0)
      }
    }
  }
}

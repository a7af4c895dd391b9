public import Tensors

/// An optimizer in a catalogue.
public struct OptimizerEntry: CatalogueEntry {
  public static let kind = "optimizer"

  public let name: String, summary: String
  /// Its own parameters; `OptimizerCatalogue` adds those that every optimizer has.
  public let parameters: [ChoiceParameter]
  /// The family it belongs to.
  public let family: OptimizerFamily
  /// What the length of its steps depends on.
  public let stepLength: StepLength
  /// The learning rate its authors or PyTorch use.
  public let usualRate: Double
  /// A learning rate that trains a small convolutional network with batch normalization at batch
  /// size 32.
  public let trainingRate: Double
  /// Whether every step depends on its learning rate, not only the first one.
  public let followsRate: Bool
  /// How strongly weights are pulled toward 0 by default.
  public let decay: Double
  /// Makes the optimizer.
  public let make: @Sendable (OptimizerSettings) -> any Optimizer

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - name: The name in text.
  ///   - summary: What it does, in one line.
  ///   - parameters: Its own parameters.
  ///   - usualRate: The learning rate its authors or PyTorch use.
  ///   - trainingRate: A learning rate for a small network; nil for the usual one.
  ///   - followsRate: Whether every step depends on its learning rate.
  ///   - decay: λ ≥ 0 if no decay is given.
  ///   - make: Makes the optimizer.
  public init(
    _ name: String, _ summary: String, _ family: OptimizerFamily, _ stepLength: StepLength,
    usualRate: Double, trainingRate: Double? = nil, followsRate: Bool = true,
    decay: Double = 0, parameters: [ChoiceParameter] = [],
    make: @escaping @Sendable (OptimizerSettings) -> any Optimizer
  ) {
    self.name = name
    self.summary = summary
    self.family = family
    self.stepLength = stepLength
    self.usualRate = usualRate
    self.trainingRate = trainingRate ?? usualRate
    self.followsRate = followsRate
    self.decay = decay
    self.parameters = parameters
    self.make = make
  }
}

/// What the factory of an optimizer or of a wrapper receives.
public struct OptimizerSettings: Sendable {
  /// The values of all parameters.
  public let values: ChoiceValues
  /// Where the arrays lie in the vector of parameters.
  public let layout: ParameterLayout
  /// Which weights are pulled toward 0, and how strongly.
  public let decay: WeightDecay

  /// Collects the values of a choice for one layout.
  init(_ values: ChoiceValues, layout: ParameterLayout) {
    self.values = values
    self.layout = layout
    decay = WeightDecay(
      values.float("decay"), layout: layout, sparesVectors: !values.flag("decay-all"))
  }

  /// A parameter in single precision.
  public subscript(_ parameter: String) -> Float { values.float(parameter) }
}

/// What the length of a step depends on, and so what a learning rate means.
public enum StepLength: String, Codable, Sendable {
  /// The rate times the slope.
  case slope
  /// The rate times a sum of about ten slopes.
  case velocity
  /// About the rate.
  case length
  /// About the rate at first, then shrinking.
  case shrinkingLength = "shrinking length"
  /// The rate times the distance from 0.
  case relative
  /// Whatever the optimizer finds by itself.
  case none = "found by itself"
}

extension ChoiceParameter {
  static func beta1(_ value: Double = 0.9) -> ChoiceParameter {
    ChoiceParameter("beta1", value, in: 0...0.999999, "fraction of the first moment kept")
  }
  static func beta2(_ value: Double = 0.999) -> ChoiceParameter {
    ChoiceParameter("beta2", value, in: 0...0.9999999, "fraction of the second moment kept")
  }
  static func epsilon(_ value: Double) -> ChoiceParameter {
    ChoiceParameter("epsilon", value, in: 0...1, "added to what is divided by")
  }
  static func rootEpsilon(_ value: Double) -> ChoiceParameter {
    ChoiceParameter("root-epsilon", value, in: 0...1, "added inside the root")
  }
  static func momentum(_ value: Double) -> ChoiceParameter {
    ChoiceParameter("momentum", value, in: 0...0.999999, "fraction of the velocity kept")
  }
  static func nesterov(_ value: Bool) -> ChoiceParameter {
    ChoiceParameter(
      "nesterov", .flag, [value ? 1 : 0], "whether it looks ahead along the velocity")
  }
}

internal import Tensors

/// An optimizer of the catalogue: its name and parameters, and how it is made from them.
struct OptimizerEntry: Sendable {
  let choice: ChoiceEntry
  /// What it derives from.
  let family: OptimizerFamily
  /// The learning rate that PyTorch, or whoever made it, gives it.
  let usualRate: Double
  /// A learning rate that trains a small conv net with batch normalization at batch size 32.
  let trainingRate: Double
  /// What a step is as long as.
  let stepLength: OptimizerChoice.StepLength
  let make: @Sendable (Choice, WeightDecay, ParameterLayout) -> any Optimizer

  init(
    _ name: String, _ summary: String, _ family: OptimizerFamily,
    _ parameters: [ChoiceParameter] = [], usual: Double,
    training: Double, _ stepLength: OptimizerChoice.StepLength, decay: Double = 0,
    _ make: @escaping @Sendable (Choice, WeightDecay, ParameterLayout) -> any Optimizer
  ) {
    choice = ChoiceEntry(name, summary, parameters + Self.shared(decay))
    self.family = family
    usualRate = usual
    trainingRate = training
    self.stepLength = stepLength
    self.make = make
  }

  /// What every optimizer can be given: rate 0 is "by default", the others are off at 0.
  private static func shared(_ decay: Double) -> [ChoiceParameter] {
    [
      ChoiceParameter("rate", 0, in: 0...1e6, "learning rate; 0 is the default"),
      ChoiceParameter("decay", decay, in: 0...1e3, "pull of weights towards 0"),
      ChoiceParameter(
        "decay-all", .flag, [0], "whether biases and normalizations are pulled, too"),
      ChoiceParameter("clip-norm", 0, in: 0...1e9, "longest gradient"),
      ChoiceParameter("clip-value", 0, in: 0...1e9, "largest number of a gradient"),
      ChoiceParameter(
        "clip-adaptive", 0, in: 0...1e9, "longest gradient of an output, in weights"),
      ChoiceParameter("sam", 0, in: 0...1e3, "how far away the gradient is taken (SAM)"),
      ChoiceParameter(
        "lookahead", .count(0...1e6), [0], "steps after which it goes back part of the way"),
      ChoiceParameter("lookahead-part", 0.5, in: 0...1, "how much of the way it keeps"),
      ChoiceParameter("ema", 0, in: 0...0.999999, "part kept by an average of the path"),
      ChoiceParameter("swa", .count(0...1e9), [0], "step from which the path is averaged"),
    ]
  }

  static let sharedCount = shared(0).count
}

extension ChoiceParameter {
  static func beta1(_ value: Double = 0.9) -> ChoiceParameter {
    ChoiceParameter("beta1", value, in: 0...0.999999, "part of the first moment kept")
  }
  static func beta2(_ value: Double = 0.999) -> ChoiceParameter {
    ChoiceParameter("beta2", value, in: 0...0.9999999, "part of the second moment kept")
  }
  static func epsilon(_ value: Double) -> ChoiceParameter {
    ChoiceParameter("epsilon", value, in: 0...1, "added to what is divided by")
  }
  static func momentum(_ value: Double) -> ChoiceParameter {
    ChoiceParameter("momentum", value, in: 0...0.999999, "part of the velocity kept")
  }
}

extension Choice {
  /// A parameter as the optimizers calculate with it.
  func float(_ parameter: String) -> Float { Float(self[parameter]) }
}

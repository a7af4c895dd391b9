/// The optimizers by the names of the command line.
public enum OptimizerChoice: String, CaseIterable, Codable, Sendable {
  case sgd, momentum, adam

  /// A learning rate that trains a small conv net with batch normalization at batch size 32.
  public var defaultLearningRate: Float {
    switch self {
    case .sgd: 0.1
    case .momentum: 0.05
    case .adam: 0.004
    }
  }

  /// What the optimizer does, in a line.
  public var summary: String {
    switch self {
    case .sgd: "gradient descent: straight downhill"
    case .momentum: "gradient descent with a velocity that builds up (Nesterov with --nesterov)"
    case .adam: "steps scaled by running moments of the gradient"
    }
  }

  /// The optimizer with these settings; those it has no use for are ignored.
  public func makeOptimizer(
    momentum: Float = 0.9, nesterov: Bool = false, weightDecay: Float = 0
  ) -> any Optimizer {
    switch self {
    case .sgd: GradientDescent(weightDecay: weightDecay)
    case .momentum: Momentum(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .adam: Adam(weightDecay: weightDecay)
    }
  }
}

public import Optimization
public import Tensors

/// What a training step changes.
public struct ModelState: Equatable, Sendable {
  /// What the optimizer updates.
  public var parameters: ParameterVector
  /// Running statistics, which forward passes update.
  public var statistics: ParameterVector
  /// What the optimizer remembers.
  public var optimizer: OptimizerState

  /// Creates a state from its parts.
  public init(
    parameters: ParameterVector, statistics: ParameterVector, optimizer: OptimizerState
  ) {
    self.parameters = parameters
    self.statistics = statistics
    self.optimizer = optimizer
  }
}

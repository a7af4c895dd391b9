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

  /// What is not finite, and the first value that is not; nil if everything is.
  var notFinite: (name: String, value: Double)? {
    let vectors =
      [("weights", parameters.scalars), ("running statistics", statistics.scalars)]
      + optimizer.memory.map { ("optimizer's memory", $0) }
    for (name, vector) in vectors where !Kernels.sumOfSquares(vector).isFinite {
      if let value = vector.first(where: { !$0.isFinite }) { return (name, Double(value)) }
    }
    return optimizer.scalars.values.first { !$0.isFinite }.map { ("optimizer's memory", $0) }
  }
}

public import ConvNet
public import Tensors

/// A model that holds a batch and can be differentiated on it.
public protocol DifferentiableModel {
  /// Computes the logits of the batch, batch × classes.
  ///
  /// - Parameter statistics: Updated by models that keep running statistics.
  func forward(parameters: ParameterVector, statistics: inout ParameterVector) -> [Float]

  /// Propagates the gradient of the loss back to the parameters.
  ///
  /// - Parameters:
  ///   - logitGradient: ∂loss/∂logits, batch × classes, for the last forward pass.
  ///   - gradients: Overwritten with ∂loss/∂parameters, in the layout of the parameters.
  func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector)
}

/// A network on the batch in `execution.input`.
public struct NetworkBatch: DifferentiableModel {
  /// The memory the network works in; the images are in its input.
  public let execution: Execution
  /// Images in the batch.
  public let count: Int
  /// The training phase, whose seed determines dropout.
  public let phase: Phase

  /// Creates a batch of `count` images; `dropoutSeed` determines dropout.
  public init(_ execution: Execution, count: Int, dropoutSeed: UInt64) {
    self.execution = execution
    self.count = count
    phase = .training(seed: dropoutSeed)
  }

  public func forward(parameters: ParameterVector, statistics: inout ParameterVector) -> [Float] {
    execution.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: phase)
  }

  public func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector
  ) {
    execution.backward(
      logitGradient: logitGradient, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: phase)
  }
}

internal import Tensors

/// Plain gradient descent: θₜ = θₜ₋₁ − η(gₜ + λθₜ₋₁).
public struct GradientDescent: Optimizer {
  public let name = "sgd"
  public let memoryNames: [String] = []
  /// λ ≥ 0, added to the gradient.
  public var weightDecay: Float

  /// Creates the optimizer.
  public init(weightDecay: Float = 0) {
    self.weightDecay = weightDecay
  }

  public func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState
  ) {
    state.stepCount += 1
    Kernels.descend(&parameters, gradients: gradients, rate: learningRate, decay: weightDecay)
  }
}

internal import Tensors

/// Gradient descent with a heavy marble: vₜ = μvₜ₋₁ + gₜ + λθₜ₋₁; θₜ = θₜ₋₁ − ηvₜ.
///
/// With Nesterov's correction the step is θₜ = θₜ₋₁ − η(gₜ + λθₜ₋₁ + μvₜ).
///
/// - Note: The velocity starts at 0 and has no dampening, as in PyTorch; other texts put η into v.
/// - Source: Polyak, 1964; Sutskever et al., 2013, "On the importance of initialization and
///   momentum in deep learning".
public struct Momentum: Optimizer {
  public let name = "momentum"
  public let memoryNames = ["velocity"]
  /// μ in `0..<1`: the part of the velocity kept from step to step.
  public var momentum: Float
  /// Whether the step looks ahead along the velocity.
  public var nesterov: Bool
  /// λ ≥ 0, added to the gradient.
  public var weightDecay: Float

  /// Creates the optimizer.
  public init(momentum: Float = 0.9, nesterov: Bool = false, weightDecay: Float = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  public func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState
  ) {
    state.stepCount += 1
    Kernels.momentumStep(
      &parameters, velocity: &state.memory, gradients: gradients, rate: learningRate,
      decay: weightDecay, momentum: momentum, nesterov: nesterov)
  }
}

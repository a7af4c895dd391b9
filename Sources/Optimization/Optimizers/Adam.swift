internal import Foundation
internal import Tensors

/// Adam: steps scaled by running moments of the gradient.
///
/// With gₜ the gradient plus λθₜ₋₁:  mₜ = β₁mₜ₋₁ + (1−β₁)gₜ;  vₜ = β₂vₜ₋₁ + (1−β₂)gₜ²;
/// θₜ = θₜ₋₁ − η m̂ₜ / (√v̂ₜ + ε),  m̂ₜ = mₜ/(1−β₁ᵗ),  v̂ₜ = vₜ/(1−β₂ᵗ).
///
/// - Note: ε stands outside the root, as in the paper's Algorithm 1 and in PyTorch.
/// - Source: Kingma & Ba, 2015, arXiv:1412.6980.
public struct Adam: Optimizer {
  public let name = "adam"
  public let memoryNames = ["first_moment", "second_moment"]
  /// β₁ and β₂ in `0..<1`.
  public var beta1: Float, beta2: Float
  /// ε > 0.
  public var epsilon: Float
  /// λ ≥ 0, added to the gradient.
  public var weightDecay: Float

  /// Creates the optimizer.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState
  ) {
    state.stepCount += 1
    // In double: 1 − β₂ᵗ loses most of its digits in float at t = 1.
    let time = Double(state.stepCount)
    let correction1 = 1 - pow(Double(beta1), time)
    let correction2 = 1 - pow(Double(beta2), time)
    Kernels.adamStep(
      &parameters, moments: &state.memory, gradients: gradients,
      Kernels.AdamConstants(
        rate: Float(Double(learningRate) / correction1), beta1: beta1, beta2: beta2,
        epsilon: epsilon, rootCorrection: Float(1 / correction2.squareRoot()), decay: weightDecay))
  }
}

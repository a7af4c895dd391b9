internal import Tensors

/// AdEMAMix: Adam with a second, slow moving average of the gradient beside the first.
///
/// mₜ = β₁mₜ₋₁ + (1−β₁)gₜ;  sₜ = β₃sₜ₋₁ + (1−β₃)gₜ;  vₜ = β₂vₜ₋₁ + (1−β₂)gₜ²;
/// θₜ = θₜ₋₁ − η((m̂ₜ + αsₜ)/(√v̂ₜ + ε) + λθₜ₋₁),  m̂ₜ = mₜ/(1−β₁ᵗ),  v̂ₜ = vₜ/(1−β₂ᵗ).
///
/// - Note: The slow average is not corrected for its beginning at zero, so that it comes in over
///   the first 1/(1−β₃) steps. The paper also raises α and β₃ slowly; here they are constant, as in
///   optax. β₃ is 0.999 by default, the paper's choice for short runs.
/// - Source: Pagliardini et al., 2024, "The AdEMAMix optimizer", arXiv:2409.03137.
struct AdEMAMix: Optimizer {
  /// βs in `0..<1`; α ≥ 0, ε > 0.
  var beta1: Float, beta2: Float, beta3: Float, alpha: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "slow_moment", "second_moment"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let first = Float(1 / biasCorrection(beta1, state.stepCount))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, beta3, alpha, epsilon) = (beta1, beta2, beta3, alpha, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, s, v in
        m = beta1 * m + (1 - beta1) * g
        s = beta3 * s + (1 - beta3) * g
        v = beta2 * v + (1 - beta2) * g * g
        p -=
          learningRate
          * ((first * m + alpha * s) / (v.squareRoot() * root + epsilon)
            + strength * p)
      }
    }
  }
}

extension OptimizerEntry {
  static let adEMAMix = OptimizerEntry(
    "ademamix", "Adam with a second, slow average of the gradient", .adam, .length,
    usualRate: 0.001, trainingRate: 0.002, decay: 0.01,
    parameters: [
      .beta1(), .beta2(),
      ChoiceParameter("beta3", 0.999, in: 0...0.9999999, "part of the slow average kept"),
      ChoiceParameter("alpha", 5, in: 0...100, "weight of the slow average"),
      .epsilon(1e-8),
    ]
  ) {
    AdEMAMix(
      beta1: $0["beta1"], beta2: $0["beta2"], beta3: $0["beta3"], alpha: $0["alpha"],
      epsilon: $0["epsilon"], decay: $0.decay)
  }
}

internal import Tensors

/// Adan: Nesterov's momentum estimated from differences of gradients.
///
/// With dₜ = gₜ − gₜ₋₁ (d₁ = 0):  mₜ = β₁mₜ₋₁ + (1−β₁)gₜ;  vₜ = β₂vₜ₋₁ + (1−β₂)dₜ;
/// nₜ = β₃nₜ₋₁ + (1−β₃)(gₜ + (1−β₂)dₜ)²;
/// θₜ = θₜ₋₁ − η((m̂ₜ + (1−β₂)v̂ₜ)/(√(n̂ₜ + ε₀) + ε) + λθₜ₋₁).
///
/// - Note: The βs are the fractions kept; the paper writes 1 − β.
/// - Source: Xie et al., 2022, arXiv:2208.06677; as in optax.
struct Adan: Optimizer {
  /// In `0..<1`; ε > 0, ε₀ ≥ 0.
  var beta1: Float, beta2: Float, beta3: Float, epsilon: Float, rootEpsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "difference", "second_moment", "previous_gradient"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    if state.stepCount == 0 { state.memory[3] = gradients }
    state.stepCount += 1
    let first = Float(1 / biasCorrection(beta1, state.stepCount))
    let second = Float(Double(1 - beta2) / biasCorrection(beta2, state.stepCount))
    let third = Float(1 / biasCorrection(beta3, state.stepCount))
    let (beta1, beta2, beta3, epsilon, rootEpsilon) = (beta1, beta2, beta3, epsilon, rootEpsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v, n, previous in
        let change = g - previous
        let ahead = g + (1 - beta2) * change
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * change
        n = beta3 * n + (1 - beta3) * ahead * ahead
        previous = g
        let length = (third * n + rootEpsilon).squareRoot() + epsilon
        p -= learningRate * ((first * m + second * v) / length + strength * p)
      }
    }
  }
}

extension OptimizerEntry {
  static let adan = OptimizerEntry(
    "adan", "Adam with momentum from differences of gradients", .adam, .length,
    usualRate: 0.001, trainingRate: 0.004,
    parameters: [
      .beta1(0.98), .beta2(0.92),
      ChoiceParameter("beta3", 0.99, in: 0...0.9999999, "fraction of the squares kept"),
      .epsilon(1e-8), .rootEpsilon(1e-8),
    ]
  ) {
    Adan(
      beta1: $0["beta1"], beta2: $0["beta2"], beta3: $0["beta3"], epsilon: $0["epsilon"],
      rootEpsilon: $0["root-epsilon"], decay: $0.decay)
  }
}

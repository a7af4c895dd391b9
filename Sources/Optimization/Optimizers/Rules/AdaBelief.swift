internal import Tensors

/// AdaBelief: Adam whose second moment is that of gₜ − mₜ, how much the gradient surprises.
///
/// sₜ = β₂sₜ₋₁ + (1−β₂)(gₜ − mₜ)² + ε₀;  θₜ = θₜ₋₁ − η(m̂ₜ/(√ŝₜ + ε) + λθₜ₋₁).
///
/// - Source: Zhuang et al., 2020, arXiv:2010.07468; as in optax.
struct AdaBelief: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0, ε₀ ≥ 0.
  var beta1: Float, beta2: Float, epsilon: Float, rootEpsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "surprise"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let correction = Float(1 / biasCorrection(beta1, state.stepCount))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon, rootEpsilon) = (beta1, beta2, epsilon, rootEpsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, s in
        m = beta1 * m + (1 - beta1) * g
        let surprise = g - m
        s = beta2 * s + (1 - beta2) * surprise * surprise + rootEpsilon
        p -= learningRate * (correction * m / (s.squareRoot() * root + epsilon) + strength * p)
      }
    }
  }
}

extension OptimizerEntry {
  static let adaBelief = OptimizerEntry(
    "adabelief", "Adam scaled by how much the gradient surprises", .adam, .length,
    usualRate: 0.001, trainingRate: 0.004,
    parameters: [.beta1(), .beta2(), .epsilon(1e-16), .rootEpsilon(1e-16)]
  ) {
    AdaBelief(
      beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"],
      rootEpsilon: $0["root-epsilon"], decay: $0.decay)
  }
}

internal import Tensors

/// Yogi: Adam whose second moment moves by steps of the squared gradient's size.
///
/// vₜ = vₜ₋₁ − (1−β₂) sign(vₜ₋₁ − gₜ²) gₜ²;  θₜ = θₜ₋₁ − η(m̂ₜ/(√v̂ₜ + ε) + λθₜ₋₁). Both moments
/// begin at a small value.
///
/// - Source: Zaheer et al., 2018, "Adaptive methods for nonconvex optimization"; as in optax.
struct Yogi: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0, m₀ = v₀ ≥ 0.
  var beta1: Float, beta2: Float, epsilon: Float, initial: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "second_moment"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    if state.stepCount == 0 {
      let start = [Float](repeating: initial, count: parameters.count)
      state.memory = [start, start]
    }
    state.stepCount += 1
    let correction = Float(1 / biasCorrection(beta1, state.stepCount))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v in
        m = beta1 * m + (1 - beta1) * g
        v -= (1 - beta2) * signs(v - g * g) * g * g
        p -= learningRate * (correction * m / (v.squareRoot() * root + epsilon) + strength * p)
      }
    }
  }
}

extension OptimizerEntry {
  static let yogi = OptimizerEntry(
    "yogi", "Adam whose second moment moves in small steps", .adam, .length, usualRate: 0.01,
    parameters: [
      .beta1(), .beta2(), .epsilon(1e-3),
      ChoiceParameter("initial", 1e-6, in: 0...1e3, "where the moments begin"),
    ]
  ) {
    Yogi(
      beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"], initial: $0["initial"],
      decay: $0.decay)
  }
}

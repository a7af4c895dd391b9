internal import Tensors

/// AdaGrad: steps get shorter along axes that were steep.
///
/// With gₜ the gradient plus λθₜ₋₁:  sₜ = sₜ₋₁ + gₜ²;  θₜ = θₜ₋₁ − η/(1 + (t−1)κ) · gₜ/(√sₜ + ε).
///
/// - Source: Duchi, Hazan & Singer, 2011, "Adaptive subgradient methods".
struct AdaGrad: Optimizer {
  /// κ ≥ 0, s₀ ≥ 0, ε > 0.
  var rateDecay: Float, initial: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["sum_of_squares"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    if state.stepCount == 0, initial > 0 {
      state.memory[0] = [Float](repeating: initial, count: parameters.count)
    }
    let rate = Float(Double(learningRate) / (1 + Double(state.stepCount) * Double(rateDecay)))
    state.stepCount += 1
    let epsilon = epsilon
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, s in
        let g = g + strength * p
        s += g * g
        p -= rate * g / (s.squareRoot() + epsilon)
      }
    }
  }
}

extension OptimizerEntry {
  static let adaGrad = OptimizerEntry(
    "adagrad", "shorter steps along axes that were steep", .adaGrad, .shrinkingLength,
    usualRate: 0.01,
    parameters: [
      ChoiceParameter("rate-decay", 0, in: 0...1e3, "how the rate falls with steps"),
      ChoiceParameter("initial", 0, in: 0...1e3, "where the sum of squares begins"),
      .epsilon(1e-10),
    ]
  ) {
    AdaGrad(
      rateDecay: $0["rate-decay"], initial: $0["initial"], epsilon: $0["epsilon"],
      decay: $0.decay)
  }
}

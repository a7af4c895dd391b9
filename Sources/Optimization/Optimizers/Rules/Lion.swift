internal import Tensors

/// Lion: the sign of an average.
///
/// θₜ = θₜ₋₁ − η(sign(β₁mₜ₋₁ + (1−β₁)gₜ) + λθₜ₋₁);  mₜ = β₂mₜ₋₁ + (1−β₂)gₜ.
///
/// - Source: Chen et al., 2023, "Symbolic discovery of optimization algorithms".
struct Lion: Optimizer {
  /// In `0..<1`.
  var beta1: Float, beta2: Float
  var decay: WeightDecay

  let memoryNames = ["average"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (beta1, beta2) = (beta1, beta2)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m in
        p -= learningRate * (signs(beta1 * m + (1 - beta1) * g) + strength * p)
        m = beta2 * m + (1 - beta2) * g
      }
    }
  }
}

extension OptimizerEntry {
  static let lion = OptimizerEntry(
    "lion", "the sign of an average", .sign, .length, usualRate: 0.0001, trainingRate: 0.0004,
    decay: 0.001, parameters: [.beta1(), .beta2(0.99)]
  ) { Lion(beta1: $0["beta1"], beta2: $0["beta2"], decay: $0.decay) }
}

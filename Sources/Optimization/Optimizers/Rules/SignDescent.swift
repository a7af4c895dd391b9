internal import Tensors

/// Steps of one length along every axis: θₜ = θₜ₋₁ − η(sign(gₜ) + λθₜ₋₁).
///
/// - Source: Bernstein et al., 2018, "signSGD: compressed optimisation for non-convex problems".
struct SignDescent: Optimizer {
  var decay: WeightDecay

  let memoryNames: [String] = []

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, in: part.range, workers: workers) { p, g in
        p -= learningRate * (signs(g) + strength * p)
      }
    }
  }
}

extension OptimizerEntry {
  static let signDescent = OptimizerEntry(
    "sign-sgd", "steps of one length along every axis", .sign, .length, usualRate: 0.001,
    trainingRate: 0.0005
  ) { SignDescent(decay: $0.decay) }
}

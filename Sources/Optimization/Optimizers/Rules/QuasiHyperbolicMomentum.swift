internal import Tensors

/// Gradient descent along a mixture of the gradient and its average.
///
/// With gₜ the gradient plus λθₜ₋₁:  mₜ = βmₜ₋₁ + (1−β)gₜ;  θₜ = θₜ₋₁ − η((1−ν)gₜ + νmₜ).
///
/// - Source: Ma & Yarats, 2019, "Quasi-hyperbolic momentum and Adam for deep learning".
struct QuasiHyperbolicMomentum: Optimizer {
  /// ν and β in `0...1`.
  var nu: Float, beta: Float
  var decay: WeightDecay

  let memoryNames = ["average"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (nu, beta) = (nu, beta)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m in
        let g = g + strength * p
        m = beta * m + (1 - beta) * g
        p -= learningRate * ((1 - nu) * g + nu * m)
      }
    }
  }
}

extension OptimizerEntry {
  static let quasiHyperbolicMomentum = OptimizerEntry(
    "qhm", "a mixture of gradient and average (quasi-hyperbolic)", .momentum, .slope,
    usualRate: 0.1,
    parameters: [
      ChoiceParameter("nu", 0.7, in: 0...1, "weight of the average"),
      ChoiceParameter("beta", 0.999, in: 0...0.999999, "fraction of the average kept"),
    ]
  ) { QuasiHyperbolicMomentum(nu: $0["nu"], beta: $0["beta"], decay: $0.decay) }
}

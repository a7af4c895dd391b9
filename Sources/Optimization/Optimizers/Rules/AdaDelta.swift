internal import Tensors

/// AdaDelta: steps as long as recent steps were, in the units of the parameters.
///
/// With gₜ the gradient plus λθₜ₋₁:  sₜ = ρsₜ₋₁ + (1−ρ)gₜ²;  Δ = gₜ√(dₜ₋₁ + ε)/√(sₜ + ε);
/// dₜ = ρdₜ₋₁ + (1−ρ)Δ²;  θₜ = θₜ₋₁ − ηΔ.
///
/// - Source: Zeiler, 2012, arXiv:1212.5701.
struct AdaDelta: Optimizer {
  /// ρ in `0..<1`, ε > 0.
  var rho: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["mean_square", "mean_square_step"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (rho, epsilon) = (rho, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, s, d in
        let g = g + strength * p
        s = rho * s + (1 - rho) * g * g
        let change = g * (d + epsilon).squareRoot() / (s + epsilon).squareRoot()
        d = rho * d + (1 - rho) * change * change
        p -= learningRate * change
      }
    }
  }
}

extension OptimizerEntry {
  static let adaDelta = OptimizerEntry(
    "adadelta", "steps as long as recent steps were", .adaGrad, .none, usualRate: 1,
    parameters: [
      ChoiceParameter("rho", 0.9, in: 0...0.999999, "fraction of the averages kept"),
      .epsilon(1e-6),
    ]
  ) { AdaDelta(rho: $0["rho"], epsilon: $0["epsilon"], decay: $0.decay) }
}

internal import Tensors

/// RMSProp: the gradient divided by its recent size.
///
/// With gₜ the gradient plus λθₜ₋₁:  sₜ = αsₜ₋₁ + (1−α)gₜ²;  centered also aₜ = αaₜ₋₁ + (1−α)gₜ;
/// q = gₜ/(√(sₜ − aₜ²) + ε);  with momentum bₜ = μbₜ₋₁ + q;  θₜ = θₜ₋₁ − ηbₜ.
///
/// - Note: ε stands outside the root, as in PyTorch.
/// - Source: Tieleman & Hinton, 2012, lecture 6.5; Graves, 2013, arXiv:1308.0850 (centered).
struct RMSProp: Optimizer {
  /// α and μ in `0..<1`, ε > 0.
  var alpha: Float, momentum: Float, epsilon: Float
  var isCentered: Bool
  var decay: WeightDecay

  private var isPlain: Bool { momentum == 0 && !isCentered }

  var memoryNames: [String] { isPlain ? ["mean_square"] : ["mean_square", "mean", "velocity"] }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (alpha, momentum, epsilon, isCentered) = (alpha, momentum, epsilon, isCentered)
    for part in decay.parts {
      let strength = part.strength
      if isPlain {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, s in
          let g = g + strength * p
          s = alpha * s + (1 - alpha) * g * g
          p -= learningRate * g / (s.squareRoot() + epsilon)
        }
      } else {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, s, a, b in
          let g = g + strength * p
          s = alpha * s + (1 - alpha) * g * g
          a = alpha * a + (1 - alpha) * g
          let spread = isCentered ? s - a * a : s
          b = momentum * b + g / (spread.squareRoot() + epsilon)
          p -= learningRate * b
        }
      }
    }
  }
}

extension OptimizerEntry {
  static let rmsProp = OptimizerEntry(
    "rmsprop", "the gradient divided by its recent size", .rmsProp, .length, usualRate: 0.01,
    trainingRate: 0.001,
    parameters: [
      ChoiceParameter("alpha", 0.99, in: 0...0.999999, "fraction of the mean square kept"),
      .momentum(0), .epsilon(1e-8),
      ChoiceParameter("centered", .flag, [0], "whether the mean is subtracted"),
    ]
  ) {
    RMSProp(
      alpha: $0["alpha"], momentum: $0["momentum"], epsilon: $0["epsilon"],
      isCentered: $0.values.flag("centered"), decay: $0.decay)
  }
}

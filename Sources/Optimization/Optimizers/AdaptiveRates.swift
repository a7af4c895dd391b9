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

/// RMSProp: the gradient divided by its recent size.
///
/// With gₜ the gradient plus λθₜ₋₁:  sₜ = αsₜ₋₁ + (1−α)gₜ²;  centred also aₜ = αaₜ₋₁ + (1−α)gₜ;
/// q = gₜ/(√(sₜ − aₜ²) + ε);  with momentum bₜ = μbₜ₋₁ + q;  θₜ = θₜ₋₁ − ηbₜ.
///
/// - Note: ε stands outside the root, as in PyTorch.
/// - Source: Tieleman & Hinton, 2012, lecture 6.5; Graves, 2013, arXiv:1308.0850 (centred).
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

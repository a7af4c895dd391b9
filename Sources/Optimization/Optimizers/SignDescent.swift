internal import Tensors

/// −1, 0 or 1 for each number; NaN stays, so that divergence is noticed.
func signs(_ x: Lanes) -> Lanes {
  var sign = x
  sign.replace(with: 1, where: x .> 0)
  sign.replace(with: -1, where: x .< 0)
  return sign
}

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

/// Rprop: every axis has a step length of its own, that grows while the sign of the slope stays.
///
/// The length begins at η and is multiplied by η₊ when the slope keeps its sign and by η₋ when it
/// turns, in which case the step is left out. Meant for gradients without noise; later learning
/// rates are not used.
///
/// - Source: Riedmiller & Braun, 1993; the variant of PyTorch.
struct ResilientPropagation: Optimizer {
  /// η₋ in `0..<1`, η₊ > 1.
  var shrink: Float, growth: Float
  /// Limits of the step length.
  var smallest: Float, largest: Float

  /// All parameters.
  let range: Range<Int>
  let memoryNames = ["previous_gradient", "step_length"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    if state.stepCount == 1 {
      state.memory[1] = [Float](repeating: learningRate, count: parameters.count)
    }
    let (shrink, growth) = (shrink, growth)
    let (low, high) = (Lanes(repeating: smallest), Lanes(repeating: largest))
    Kernels.update(&parameters, gradients, &state.memory, in: range, workers: workers) {
      p, gradient, previous, length in
      let agreement = gradient * previous
      var g = gradient
      var factor = Lanes(repeating: 1)
      factor.replace(with: growth, where: agreement .> 0)
      factor.replace(with: shrink, where: agreement .< 0)
      g.replace(with: 0, where: agreement .< 0)
      length = (length * factor).clamped(lowerBound: low, upperBound: high)
      p -= signs(g) * length
      previous = g
    }
  }
}

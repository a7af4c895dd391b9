internal import Tensors

/// AdaBelief: Adam whose second moment is that of the surprise, gₜ − mₜ.
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

/// Yogi: Adam whose second moment moves by steps of the squared gradient's size.
///
/// vₜ = vₜ₋₁ − (1−β₂) sign(vₜ₋₁ − gₜ²) gₜ²;  θₜ = θₜ₋₁ − η(m̂ₜ/(√v̂ₜ + ε) + λθₜ₋₁). Both moments begin
/// at a small number.
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

/// Adan: Nesterov's momentum estimated from differences of gradients.
///
/// With dₜ = gₜ − gₜ₋₁ (d₁ = 0):  mₜ = β₁mₜ₋₁ + (1−β₁)gₜ;  vₜ = β₂vₜ₋₁ + (1−β₂)dₜ;
/// nₜ = β₃nₜ₋₁ + (1−β₃)(gₜ + (1−β₂)dₜ)²;  θₜ = θₜ₋₁ − η((m̂ₜ + (1−β₂)v̂ₜ)/(√(n̂ₜ + ε₀) + ε) + λθₜ₋₁).
///
/// - Note: The βs are the parts kept; the paper writes 1 − β.
/// - Source: Xie et al., 2022, arXiv:2208.06677; as in optax.
struct Adan: Optimizer {
  /// In `0..<1`; ε > 0, ε₀ ≥ 0.
  var beta1: Float, beta2: Float, beta3: Float, epsilon: Float, rootEpsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "difference", "second_moment", "previous_gradient"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    if state.stepCount == 0 { state.memory[3] = gradients }
    state.stepCount += 1
    let first = Float(1 / biasCorrection(beta1, state.stepCount))
    let second = Float(Double(1 - beta2) / biasCorrection(beta2, state.stepCount))
    let third = Float(1 / biasCorrection(beta3, state.stepCount))
    let (beta1, beta2, beta3, epsilon, rootEpsilon) = (beta1, beta2, beta3, epsilon, rootEpsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v, n, previous in
        let change = g - previous
        let ahead = g + (1 - beta2) * change
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * change
        n = beta3 * n + (1 - beta3) * ahead * ahead
        previous = g
        let length = (third * n + rootEpsilon).squareRoot() + epsilon
        p -= learningRate * ((first * m + second * v) / length + strength * p)
      }
    }
  }
}

/// Schedule-free AdamW: the point that moves is pulled between a fast one and the average of its path.
///
/// With y the point that moves, z the fast one and x = (y − (1−β₁)z)/β₁ the average:
/// z ← z − η(g/(√v̂ + ε) + λy);  x ← (1−c)x + cz with c = ηₘ²/Σηₘ², ηₘ the largest rate so far;
/// y ← β₁x + (1−β₁)z. The network to be used is x.
///
/// - Source: Defazio et al., 2024, arXiv:2405.15682; as in optax.
struct ScheduleFreeAdam: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["fast_point", "second_moment"]
  private static let (largestRate, sumOfWeights) = ("largest_rate", "sum_of_weights")

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    if state.stepCount == 0 { state.memory[0] = parameters }
    state.stepCount += 1
    let largest = max(state.numbers[Self.largestRate, default: 0], Double(learningRate))
    let sum = state.numbers[Self.sumOfWeights, default: 0] + largest * largest
    state.numbers = [Self.largestRate: largest, Self.sumOfWeights: sum]
    let fresh = Float(sum > 0 ? largest * largest / sum : 0)
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        y, g, z, v in
        v = beta2 * v + (1 - beta2) * g * g
        let x = (y - (1 - beta1) * z) / beta1
        z -= learningRate * (g / (v.squareRoot() * root + epsilon) + strength * y)
        let average = (1 - fresh) * x + fresh * z
        y = beta1 * average + (1 - beta1) * z
      }
    }
  }

  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? {
    guard state.stepCount > 0 else { return nil }
    return zip(parameters, state.memory[0]).map { y, z in (y - (1 - beta1) * z) / beta1 }
  }
}

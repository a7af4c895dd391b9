internal import Tensors

/// Schedule-free AdamW: gradients are taken between a fast point and the average of its path.
///
/// With y the point that moves, z the fast one and x = (y − (1−β₁)z)/β₁ the average:
/// z ← z − η(g/(√v̂ + ε) + λy);  x ← (1−c)x + cz with c = ηₘ²/Σηₘ², ηₘ the largest rate so far;
/// y ← β₁x + (1−β₁)z. The network to use is x.
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
    let largest = max(state.scalars[Self.largestRate, default: 0], Double(learningRate))
    let sum = state.scalars[Self.sumOfWeights, default: 0] + largest * largest
    state.scalars[Self.largestRate] = largest
    state.scalars[Self.sumOfWeights] = sum
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

extension OptimizerEntry {
  static let scheduleFree = OptimizerEntry(
    "schedule-free", "AdamW that averages its path instead of lowering its rate", .adam, .length,
    usualRate: 0.0025, trainingRate: 0.004, parameters: [.beta1(), .beta2(), .epsilon(1e-8)]
  ) {
    ScheduleFreeAdam(
      beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"], decay: $0.decay)
  }
}

internal import Tensors

/// RAdam: Adam that waits until its second moment can be trusted.
///
/// With ρ∞ = 2/(1−β₂) − 1 and ρₜ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ): while ρₜ ≤ 5 the step is ηm̂ₜ, then
/// η m̂ₜ r √(1−β₂ᵗ)/(√vₜ + ε) with r = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ)).
///
/// - Source: Liu et al., 2020, arXiv:1908.03265; as in PyTorch.
struct RAdam: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "second_moment"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let lack = biasCorrection(beta2, state.stepCount)
    let limit = 2 / (1 - Double(beta2)) - 1
    let length = limit - 2 * Double(state.stepCount) * (1 - lack) / lack
    var rate = Double(learningRate) / biasCorrection(beta1, state.stepCount)
    let isTrusted = length > 5
    if isTrusted {
      let rectified = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
      rate *= (rectified * lack).squareRoot()
    }
    let step = Float(rate)
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v in
        let g = g + strength * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        p -= isTrusted ? step * m / (v.squareRoot() + epsilon) : step * m
      }
    }
  }
}

extension OptimizerEntry {
  static let rAdam = OptimizerEntry(
    "radam", "Adam that waits until its second moment can be trusted", .adam, .length,
    usualRate: 0.001, trainingRate: 0.004, parameters: [.beta1(), .beta2(), .epsilon(1e-8)]
  ) {
    RAdam(beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"], decay: $0.decay)
  }
}

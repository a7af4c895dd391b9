internal import Tensors

/// AdaMax: Adam with the largest recent gradient in place of the second moment.
///
/// uₜ = max(β₂uₜ₋₁, |gₜ| + ε);  θₜ = θₜ₋₁ − η m̂ₜ/uₜ.
///
/// - Source: Kingma & Ba, 2015, section 7.1; as in PyTorch.
struct AdaMax: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "largest_gradient"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let rate = Float(Double(learningRate) / biasCorrection(beta1, state.stepCount))
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, most in
        let g = g + strength * p
        m = beta1 * m + (1 - beta1) * g
        let size = g.replacing(with: -g, where: g .< 0) + epsilon
        most *= beta2
        most.replace(with: size, where: .!(most .>= size))
        p -= rate * m / most
      }
    }
  }
}

extension OptimizerEntry {
  static let adaMax = OptimizerEntry(
    "adamax", "Adam with the largest recent gradient as its scale", .adam, .length,
    usualRate: 0.002, trainingRate: 0.004, parameters: [.beta1(), .beta2(), .epsilon(1e-8)]
  ) {
    AdaMax(beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"], decay: $0.decay)
  }
}

internal import Tensors

/// Adam and its nearest relatives: steps scaled by running moments of the gradient.
///
/// mₜ = β₁mₜ₋₁ + (1−β₁)gₜ;  vₜ = β₂vₜ₋₁ + (1−β₂)gₜ²;
/// θₜ = θₜ₋₁ − η m̂ₜ / (√v̂ₜ + ε),  m̂ₜ = mₜ/(1−β₁ᵗ),  v̂ₜ = vₜ/(1−β₂ᵗ).
/// AMSGrad takes the largest vₜ so far. The decay is added to the gradient (Adam), or taken from
/// the parameters before the step as ηλθₜ₋₁ (AdamW).
///
/// - Note: ε stands outside the root, as in the paper's Algorithm 1 and in PyTorch.
/// - Source: Kingma & Ba, 2015, arXiv:1412.6980; Loshchilov & Hutter, 2019, arXiv:1711.05101; Reddi
///   et al., 2018, "On the convergence of Adam and beyond".
struct Adam: Optimizer {
  /// β₁ and β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var keepsLargest = false
  var isDecoupled = false
  var decay: WeightDecay

  var memoryNames: [String] {
    ["first_moment", "second_moment"] + (keepsLargest ? ["largest_second_moment"] : [])
  }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let rate = Float(Double(learningRate) / biasCorrection(beta1, state.stepCount))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let added = isDecoupled ? 0 : part.strength
      let kept = isDecoupled ? 1 - learningRate * part.strength : 1
      if keepsLargest {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, m, v, most in
          let g = g + added * p
          m = beta1 * m + (1 - beta1) * g
          v = beta2 * v + (1 - beta2) * g * g
          most.replace(with: v, where: .!(most .>= v))
          p = kept * p - rate * m / (most.squareRoot() * root + epsilon)
        }
      } else {
        Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
          p, g, m, v in
          let g = g + added * p
          m = beta1 * m + (1 - beta1) * g
          v = beta2 * v + (1 - beta2) * g * g
          p = kept * p - rate * m / (v.squareRoot() * root + epsilon)
        }
      }
    }
  }
}

extension OptimizerEntry {
  static let adam = adamVariant("adam", "steps scaled by running moments of the gradient")

  static let adamW = adamVariant(
    "adamw", "Adam with weight decay apart from the gradient", decay: 0.01, isDecoupled: true)

  static let amsGrad = adamVariant(
    "amsgrad", "Adam with the largest second moment so far", keepsLargest: true)

  private static func adamVariant(
    _ name: String, _ summary: String, decay: Double = 0, isDecoupled: Bool = false,
    keepsLargest: Bool = false
  ) -> OptimizerEntry {
    OptimizerEntry(
      name, summary, .adam, .length, usualRate: 0.001, trainingRate: 0.004, decay: decay,
      parameters: [.beta1(), .beta2(), .epsilon(1e-8)]
    ) {
      Adam(
        beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"],
        keepsLargest: keepsLargest, isDecoupled: isDecoupled, decay: $0.decay)
    }
  }
}

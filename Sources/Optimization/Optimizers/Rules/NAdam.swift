internal import Foundation
internal import Tensors

/// NAdam: Adam that looks ahead along its first moment.
///
/// With μₜ = β₁(1 − ½·0.96^(tψ)) and Mₜ = μ₁…μₜ:
/// θₜ = θₜ₋₁ − η((1−μₜ)gₜ/(1−Mₜ) + μₜ₊₁mₜ/(1−Mₜμₜ₊₁)) / (√v̂ₜ + ε).
///
/// - Source: Dozat, 2016, "Incorporating Nesterov momentum into Adam"; as in PyTorch.
struct NAdam: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0, ψ ≥ 0.
  var beta1: Float, beta2: Float, epsilon: Float, momentumDecay: Float
  var decay: WeightDecay

  let memoryNames = ["first_moment", "second_moment"]
  private static let product = "momentum_product"

  private func momentum(at step: Int) -> Double {
    Double(beta1) * (1 - 0.5 * pow(0.96, Double(step) * Double(momentumDecay)))
  }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let (now, next) = (momentum(at: state.stepCount), momentum(at: state.stepCount + 1))
    let product = state.scalars[Self.product, default: 1] * now
    state.scalars[Self.product] = product
    let slope = Float(Double(learningRate) * (1 - now) / (1 - product))
    let carried = Float(Double(learningRate) * next / (1 - product * next))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for part in decay.parts {
      let strength = part.strength
      Kernels.update(&parameters, gradients, &state.memory, in: part.range, workers: workers) {
        p, g, m, v in
        let g = g + strength * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        p -= (slope * g + carried * m) / (v.squareRoot() * root + epsilon)
      }
    }
  }
}

extension OptimizerEntry {
  static let nAdam = OptimizerEntry(
    "nadam", "Adam that looks ahead along its first moment", .adam, .length, usualRate: 0.002,
    trainingRate: 0.004,
    parameters: [
      .beta1(), .beta2(), .epsilon(1e-8),
      ChoiceParameter("momentum-decay", 0.004, in: 0...10, "how fast looking ahead sets in"),
    ]
  ) {
    NAdam(
      beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"],
      momentumDecay: $0["momentum-decay"], decay: $0.decay)
  }
}

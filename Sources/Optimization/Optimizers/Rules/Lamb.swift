internal import Tensors

/// LAMB: Adam's direction, scaled in every array to the fraction η of the array's own norm.
///
/// With u = m̂ₜ/(√v̂ₜ + ε) + λθₜ₋₁:  θₜ = θₜ₋₁ − η (‖θₜ₋₁‖/‖u‖) u, norms over one array; the ratio
/// is 1 where a norm is 0.
///
/// - Source: You et al., 2020, arXiv:1904.00962; as in optax.
struct Lamb: Optimizer {
  /// β₁, β₂ in `0..<1`, ε > 0.
  var beta1: Float, beta2: Float, epsilon: Float
  var decay: WeightDecay
  let layout: ParameterLayout

  let memoryNames = ["first_moment", "second_moment"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let correction = Float(1 / biasCorrection(beta1, state.stepCount))
    let root = Float(1 / biasCorrection(beta2, state.stepCount).squareRoot())
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    for range in layout.ranges {
      let strength = decay.strength(at: range.lowerBound)
      var (own, wanted) = (SIMD8<Double>(), SIMD8<Double>())
      Kernels.updateInOrder(&parameters, gradients, &state.memory, in: range) { p, g, m, v in
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        let u = correction * m / (v.squareRoot() * root + epsilon) + strength * p
        own += SIMD8<Double>(p * p)
        wanted += SIMD8<Double>(u * u)
      }
      let ratio =
        own.sum() > 0 && wanted.sum() > 0 ? (own.sum() / wanted.sum()).squareRoot() : 1
      let rate = Float(Double(learningRate) * ratio)
      Kernels.update(&parameters, gradients, &state.memory, in: range, workers: workers) {
        p, _, m, v in
        p -= rate * (correction * m / (v.squareRoot() * root + epsilon) + strength * p)
      }
    }
  }
}

extension OptimizerEntry {
  static let lamb = OptimizerEntry(
    "lamb", "Adam's direction, scaled to the norm of each array", .layerwise, .relative,
    usualRate: 0.001, trainingRate: 0.01, parameters: [.beta1(), .beta2(), .epsilon(1e-6)]
  ) {
    Lamb(
      beta1: $0["beta1"], beta2: $0["beta2"], epsilon: $0["epsilon"], decay: $0.decay,
      layout: $0.layout)
  }
}

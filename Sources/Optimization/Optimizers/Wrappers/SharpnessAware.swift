internal import Tensors

/// SAM: steps along the gradient at the worst parameters nearby, so that flat minima are preferred.
///
/// The gradient is taken at θ + ρ∇f(θ)/‖∇f(θ)‖: two gradients a step. Around an optimizer that
/// perturbs its parameters itself, the outer perturbation is used.
///
/// - Source: Foret et al., 2021, arXiv:2010.01412.
struct SharpnessAware: OptimizerWrapper {
  let inner: any Optimizer
  /// ρ > 0.
  let radius: Float

  func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]? {
    let norm = Kernels.sumOfSquares(gradients).squareRoot()
    guard norm > 0, norm.isFinite else { return nil }
    let length = Float(Double(radius) / norm)
    var perturbed = parameters
    Kernels.update(&perturbed, gradients, in: perturbed.indices, workers: workers) { p, g in
      p += length * g
    }
    return perturbed
  }
}

extension OptimizerWrapperEntry {
  static let sharpnessAware = OptimizerWrapperEntry(
    ChoiceParameter("sam", 0, in: 0...1e3, "how far away the gradient is taken (SAM)")
  ) { SharpnessAware(inner: $0, radius: $1["sam"]) }
}

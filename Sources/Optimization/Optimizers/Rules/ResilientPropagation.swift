internal import Tensors

/// Rprop: every axis has its own step length, which grows while the slope keeps its sign.
///
/// The length begins at η and is multiplied by η₊ when the slope keeps its sign and by η₋ when it
/// changes, in which case the step is skipped. Meant for gradients without noise; later learning
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

extension OptimizerEntry {
  static let resilientPropagation = OptimizerEntry(
    "rprop", "step lengths that grow while the slope keeps its sign", .rmsProp, .length,
    usualRate: 0.01, trainingRate: 0.0002, followsRate: false,
    parameters: [
      ChoiceParameter("shrink", 0.5, in: 0.001...0.999, "factor when the slope changes sign"),
      ChoiceParameter("growth", 1.2, in: 1.001...100, "factor while it keeps its sign"),
      ChoiceParameter("smallest", 1e-6, in: 0...1, "shortest step"),
      ChoiceParameter("largest", 50, in: 1e-6...1e6, "longest step"),
    ]
  ) {
    ResilientPropagation(
      shrink: $0["shrink"], growth: $0["growth"], smallest: $0["smallest"],
      largest: $0["largest"], range: 0..<$0.layout.count)
  }
}

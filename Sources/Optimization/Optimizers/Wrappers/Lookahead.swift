internal import Tensors

/// Lookahead: every few steps the parameters return part of the way to where they were.
///
/// After each k-th step φ ← φ + α(θ − φ), θ ← φ.
///
/// - Source: Zhang et al., 2019, arXiv:1907.08610.
struct Lookahead: OptimizerWrapper {
  let inner: any Optimizer
  /// k ≥ 1.
  let period: Int
  /// α in `0...1`.
  let part: Float

  let ownMemoryNames = ["slow_point"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, own: inout [[Float]], workers: Workers
  ) {
    if state.stepCount == 0 { own[0] = parameters }
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
    guard state.stepCount % period == 0 else { return }
    let part = part
    Kernels.update(&own[0], parameters, in: parameters.indices, workers: workers) { s, p in
      s += part * (p - s)
    }
    parameters = own[0]
  }
}

extension OptimizerWrapperEntry {
  static let lookahead = OptimizerWrapperEntry(
    ChoiceParameter(
      "lookahead", .count(0...1e6), [0], "steps after which it goes back part of the way"),
    [ChoiceParameter("lookahead-part", 0.5, in: 0...1, "how much of the way it keeps")]
  ) { inner, settings in
    Lookahead(
      inner: inner, period: settings.values.count("lookahead"), part: settings["lookahead-part"])
  }
}

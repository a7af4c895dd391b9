internal import Tensors

/// Evaluates an average over the steps instead of the last parameters.
///
/// It averages what `inner` would have evaluated after each step: its parameters, or its own
/// average.
struct PathAverage: OptimizerWrapper {
  enum Kind: Hashable, Sendable {
    /// a ← da + (1−d)θ, beginning with the first θ: an exponential moving average.
    case exponential(decay: Float)
    /// The mean from a step on, counted from 1: stochastic weight averaging.
    ///
    /// - Source: Izmailov et al., 2018, arXiv:1803.05407.
    case equal(fromStep: Int)
  }

  let inner: any Optimizer
  let kind: Kind

  let ownMemoryNames = ["average_point"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, own: inout [[Float]], workers: Workers
  ) {
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
    let newest = inner.evaluationParameters(parameters, state: state) ?? parameters
    if let weight = weight(ofStep: state.stepCount) {
      Kernels.update(&own[0], newest, in: newest.indices, workers: workers) { a, p in
        a += weight * (p - a)
      }
    } else {
      own[0] = newest
    }
  }

  /// The weight of the newest θ in the average; nil if the average starts again.
  private func weight(ofStep step: Int) -> Float? {
    switch kind {
    case .exponential(let decay): step == 1 ? nil : 1 - decay
    case .equal(let start): step <= start ? nil : 1 / Float(step - start + 1)
    }
  }

  func evaluationParameters(
    _ parameters: [Float], state: OptimizerState, own: [[Float]]
  ) -> [Float]? {
    state.stepCount == 0 ? nil : own[0]
  }
}

extension OptimizerWrapperEntry {
  static let exponentialAverage = OptimizerWrapperEntry(
    ChoiceParameter("ema", 0, in: 0...0.999999, "fraction kept by an average of the path")
  ) { PathAverage(inner: $0, kind: .exponential(decay: $1["ema"])) }

  static let equalAverage = OptimizerWrapperEntry(
    ChoiceParameter("swa", .count(0...1e9), [0], "step from which the path is averaged")
  ) { PathAverage(inner: $0, kind: .equal(fromStep: $1.values.count("swa"))) }
}

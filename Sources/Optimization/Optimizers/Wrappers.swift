internal import Tensors

// Optimizers around an optimizer. What they remember stands after what it remembers.

/// Lookahead: every few steps the point goes back part of the way to where it was.
///
/// After each k-th step φ ← φ + α(θ − φ), θ ← φ.
///
/// - Source: Zhang et al., 2019, arXiv:1907.08610.
struct Lookahead: Optimizer {
  let inner: any Optimizer
  /// k ≥ 1.
  let period: Int
  /// α in `0...1`.
  let part: Float

  var memoryNames: [String] { inner.memoryNames + ["slow_point"] }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    var slow = state.stepCount == 0 ? parameters : state.memory[state.memory.count - 1]
    state.memory.removeLast()
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
    if state.stepCount % period == 0 {
      let part = part
      Kernels.update(&slow, parameters, in: slow.indices, workers: workers) { s, p in
        s += part * (p - s)
      }
      parameters = slow
    }
    state.memory.append(slow)
  }
}

/// The average of the points along the way, which is used in place of the last one.
struct PathAverage: Optimizer {
  enum Kind: Hashable, Sendable {
    /// a ← da + (1−d)θ, beginning with the first point: an exponential moving average.
    case exponential(decay: Float)
    /// The mean of all points from a step on, counted from 1: stochastic weight averaging.
    ///
    /// - Source: Izmailov et al., 2018, arXiv:1803.05407.
    case equal(fromStep: Int)
  }

  let inner: any Optimizer
  let kind: Kind

  var memoryNames: [String] { inner.memoryNames + ["average_point"] }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    var average = state.memory.removeLast()
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
    let fresh: Float? =
      switch kind {
      case .exponential(let decay): state.stepCount == 1 ? nil : 1 - decay
      case .equal(let start):
        state.stepCount <= start ? nil : 1 / Float(state.stepCount - start + 1)
      }
    if let fresh {
      Kernels.update(&average, parameters, in: average.indices, workers: workers) { a, p in
        a += fresh * (p - a)
      }
    } else {
      average = parameters
    }
    state.memory.append(average)
  }

  func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]? {
    inner.perturbedParameters(parameters, gradients: gradients, workers: workers)
  }

  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? {
    state.stepCount == 0 ? nil : state.memory.last
  }
}

/// SAM: steps along the gradient at the worst point nearby, so that flat minima are preferred.
///
/// The gradient is taken at θ + ρ∇f(θ)/‖∇f(θ)‖: two gradients a step.
///
/// - Source: Foret et al., 2021, arXiv:2010.01412.
struct SharpnessAware: Optimizer {
  let inner: any Optimizer
  /// ρ > 0.
  let radius: Float

  var memoryNames: [String] { inner.memoryNames }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
  }

  func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]? {
    let norm = Kernels.sumOfSquares(gradients).squareRoot()
    guard norm > 0, norm.isFinite else { return nil }
    let length = Float(Double(radius) / norm)
    var point = parameters
    Kernels.update(&point, gradients, in: point.indices, workers: workers) { p, g in p += length * g
    }
    return point
  }

  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? {
    inner.evaluationParameters(parameters, state: state)
  }
}

/// Steps along gradients that were made shorter where they are long.
struct Clipped: Optimizer {
  let inner: any Optimizer
  let clipping: GradientClipping

  var memoryNames: [String] { inner.memoryNames }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    var clipped = gradients
    clipping.apply(to: &clipped, parameters: parameters, workers: workers)
    inner.step(
      &parameters, gradients: clipped, learningRate: learningRate, state: &state,
      workers: workers)
  }

  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? {
    inner.evaluationParameters(parameters, state: state)
  }
}

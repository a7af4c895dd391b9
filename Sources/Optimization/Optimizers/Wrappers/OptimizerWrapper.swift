public import Tensors

/// An optimizer around another one.
///
/// Everything is forwarded to `inner` unless the wrapper overrides it, so that wrappers can be
/// nested in any order. A wrapper implements only what it changes:
///
/// * the gradient, or what follows a step: `step(…own:…)`;
/// * where a second gradient is taken: `perturbedParameters`;
/// * the parameters that are evaluated: `evaluationParameters(…own:)`.
///
/// Its own vectors are separate from those of `inner`, which sees only its own state.
public protocol OptimizerWrapper: Optimizer {
  /// The optimizer that is wrapped.
  var inner: any Optimizer { get }

  /// The names of the vectors that the wrapper itself remembers; none by default.
  var ownMemoryNames: [String] { get }

  /// Takes one step; by default that of `inner`.
  ///
  /// - Parameters:
  ///   - parameters: θ, updated in place.
  ///   - gradients: ∇f(θ), of the same length.
  ///   - learningRate: η > 0 for this step.
  ///   - state: The state of `inner`, which counts the steps.
  ///   - own: The vectors of `ownMemoryNames`; all 0 before the first step.
  ///   - workers: The threads that share the work.
  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, own: inout [[Float]], workers: Workers)

  /// The parameters to evaluate; by default those of `inner`.
  ///
  /// - Parameters:
  ///   - parameters: θ, the parameters that are trained.
  ///   - state: The state of `inner`.
  ///   - own: The vectors of `ownMemoryNames`.
  func evaluationParameters(
    _ parameters: [Float], state: OptimizerState, own: [[Float]]
  ) -> [Float]?
}

// What a wrapper does by default.
extension OptimizerWrapper {
  public var ownMemoryNames: [String] { [] }

  public func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, own: inout [[Float]], workers: Workers
  ) {
    inner.step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state,
      workers: workers)
  }

  public func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]? {
    inner.perturbedParameters(parameters, gradients: gradients, workers: workers)
  }

  public func evaluationParameters(
    _ parameters: [Float], state: OptimizerState, own: [[Float]]
  ) -> [Float]? {
    inner.evaluationParameters(parameters, state: state)
  }
}

// How a wrapper is an optimizer: its own vectors follow those of `inner`.
extension OptimizerWrapper {
  /// The names of `inner`, then its own; a name that is taken gets a number.
  public var memoryNames: [String] {
    ownMemoryNames.reduce(into: inner.memoryNames) { names, name in
      var free = name
      var number = 2
      while names.contains(free) {
        free = "\(name)_\(number)"
        number += 1
      }
      names.append(free)
    }
  }

  public func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    var own = state.removeLast(ownMemoryNames.count)
    step(
      &parameters, gradients: gradients, learningRate: learningRate, state: &state, own: &own,
      workers: workers)
    state.memory += own
  }

  public func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? {
    var state = state
    let own = state.removeLast(ownMemoryNames.count)
    return evaluationParameters(parameters, state: state, own: own)
  }
}

extension OptimizerState {
  /// Removes and returns the last vectors.
  fileprivate mutating func removeLast(_ count: Int) -> [[Float]] {
    let last = Array(memory.suffix(count))
    memory.removeLast(count)
    return last
  }
}

public import Tensors

/// Moves a point downhill, one step at a time, on any function: a bowl or a network.
///
/// An optimizer is a description without memory. What it remembers between steps is a value of
/// its own that can be saved, compared and restored.
public protocol Optimizer: Sendable {
  /// The names of the vectors it remembers, each as long as the parameters.
  var memoryNames: [String] { get }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: The point θ; updated in place.
  ///   - gradients: ∇f(θ), of the same length; for a batch the mean over its samples. With a
  ///     `perturbedParameters` the gradient there.
  ///   - learningRate: η > 0 for this step.
  ///   - state: What `makeState` gave for this length, updated in place.
  /// - Precondition: All lengths agree.
  /// - Complexity: One pass over the vectors.
  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers)

  /// Where a second gradient is wanted before the step; nil when one is enough.
  ///
  /// - Parameters:
  ///   - parameters: The point θ.
  ///   - gradients: ∇f(θ).
  func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]?

  /// The point to be used and judged, when it is not the one that moves: an average along the way.
  ///
  /// - Parameter parameters: The point that moves.
  /// - Returns: nil when it is the point itself.
  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]?
}

/// What an optimizer remembers between two steps.
public struct OptimizerState: Equatable, Sendable {
  /// Steps taken so far.
  public var stepCount = 0
  /// The remembered vectors in the order of `memoryNames`; all 0 before the first step.
  public var memory: [[Float]]
  /// Remembered numbers that belong to no parameter, by name; absent before the first step.
  public var numbers: [String: Double] = [:]

  /// Creates a state.
  public init(stepCount: Int = 0, memory: [[Float]], numbers: [String: Double] = [:]) {
    self.stepCount = stepCount
    self.memory = memory
    self.numbers = numbers
  }
}

extension Optimizer {
  /// The state before the first step.
  public func makeState(parameterCount: Int) -> OptimizerState {
    OptimizerState(
      memory: memoryNames.map { _ in [Float](repeating: 0, count: parameterCount) })
  }

  public func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]? { nil }

  public func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]? { nil }
}

public import Tensors

/// Minimizes a function, be it a bowl or the loss of a network, one step at a time.
///
/// An optimizer is a description without memory. What it remembers between steps is a separate
/// value, `OptimizerState`, that can be saved, compared and restored.
public protocol Optimizer: Sendable {
  /// The names of the vectors it remembers, each as long as the parameters.
  var memoryNames: [String] { get }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: θ, updated in place.
  ///   - gradients: ∇f(θ), of the same length; for a batch the mean over its samples. With
  ///     `perturbedParameters`, the gradient there.
  ///   - learningRate: η > 0 for this step.
  ///   - state: What `makeState` returned for this length, updated in place.
  ///   - workers: The threads that share the work; the result does not depend on their number.
  /// - Precondition: All lengths agree.
  /// - Complexity: One pass over the vectors.
  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers)

  /// Where to take a second gradient before the step; nil if one gradient is enough.
  ///
  /// - Parameters:
  ///   - parameters: θ.
  ///   - gradients: ∇f(θ).
  ///   - workers: The threads that share the work.
  func perturbedParameters(
    _ parameters: [Float], gradients: [Float], workers: Workers
  ) -> [Float]?

  /// The parameters to evaluate and save if they differ from those that are trained, such as an
  /// average over the steps.
  ///
  /// - Parameter parameters: θ, the parameters that are trained.
  /// - Returns: nil if they are θ itself.
  func evaluationParameters(_ parameters: [Float], state: OptimizerState) -> [Float]?
}

/// What an optimizer remembers between two steps.
public struct OptimizerState: Equatable, Sendable {
  /// Steps taken so far.
  public var stepCount = 0
  /// The remembered vectors in the order of `memoryNames`; all 0 before the first step.
  public var memory: [[Float]]
  /// Remembered scalars that belong to no single parameter, by name; absent before the first step.
  public var scalars: [String: Double] = [:]

  /// Creates a state.
  public init(stepCount: Int = 0, memory: [[Float]], scalars: [String: Double] = [:]) {
    self.stepCount = stepCount
    self.memory = memory
    self.scalars = scalars
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

/// Moves a point downhill, one step at a time, on any function: a bowl or a network.
///
/// An optimizer is a description without memory. What it remembers between steps is a value of
/// its own that can be saved, compared and restored.
public protocol Optimizer: Sendable {
  /// How the optimizer is called on the command line and in files.
  var name: String { get }

  /// The names of the vectors it remembers, each as long as the parameters.
  var memoryNames: [String] { get }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: The point θ; updated in place.
  ///   - gradients: ∇f(θ), of the same length; for a batch the mean over its samples.
  ///   - learningRate: η > 0 for this step.
  ///   - state: What `makeState` gave for this length, updated in place.
  /// - Precondition: All lengths agree.
  /// - Complexity: One pass over the vectors, no allocation.
  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState)
}

/// What an optimizer remembers between two steps.
public struct OptimizerState: Equatable, Sendable {
  /// Steps taken so far.
  public var stepCount = 0
  /// The remembered vectors, one after the other in the order of `memoryNames`.
  public var memory: [Float]

  /// Creates a state.
  public init(stepCount: Int = 0, memory: [Float]) {
    self.stepCount = stepCount
    self.memory = memory
  }
}

extension Optimizer {
  /// The state before the first step.
  public func makeState(parameterCount: Int) -> OptimizerState {
    OptimizerState(memory: [Float](repeating: 0, count: parameterCount * memoryNames.count))
  }
}

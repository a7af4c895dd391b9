/// Sums over the samples of one step, which add up over processes and over steps.
public struct StepTotals: Codable, Equatable, Sendable {
  /// Images seen, and how many of them were classified correctly before the update.
  public var images: Int, correct: Int
  /// Sum of the samples' losses.
  public var loss: Double

  /// Creates totals.
  public init(images: Int, correct: Int, loss: Double) {
    self.images = images
    self.correct = correct
    self.loss = loss
  }
}

/// Combines the outcome of a backward pass with that of other processes working on the same step.
///
/// Every backward pass goes through a reducer exactly once, before anything depends on its
/// gradients: the pass at the parameters, and the pass at perturbed parameters of an optimizer
/// that asks for one. So processes that begin with the same parameters keep the same parameters.
public protocol GradientReducer {
  /// Replaces what one process found by what all of them found together.
  ///
  /// - Parameters:
  ///   - gradients: The mean over `totals.images` samples of this process; then the mean over the
  ///     samples of all processes. Not finite when the loss of some process is not.
  ///   - totals: Of this process; then of all processes.
  func reduce(_ gradients: inout [Float], _ totals: inout StepTotals)
}

/// The reducer of a process that works alone: nothing changes.
public struct IdentityReducer: GradientReducer, Sendable {
  /// Creates a reducer.
  public init() {}

  public func reduce(_ gradients: inout [Float], _ totals: inout StepTotals) {}
}

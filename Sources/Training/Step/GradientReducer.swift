/// Sums over the samples of one step; they add up over processes and steps.
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
/// gradients: the pass at the parameters, and the pass at perturbed parameters if the optimizer
/// uses them. So processes that start with the same parameters keep the same parameters.
public protocol GradientReducer {
  /// Replaces the outcome of one process by that of all processes together.
  ///
  /// - Parameters:
  ///   - gradients: The mean over `totals.images` samples of this process; then the mean over the
  ///     samples of all processes. Not finite if the loss of some process is not.
  ///   - totals: Of this process; then of all processes.
  func reduce(_ gradients: inout [Float], _ totals: inout StepTotals)
}

/// The reducer of a process that works alone: nothing changes.
public struct IdentityReducer: GradientReducer, Sendable {
  /// Creates a reducer.
  public init() {}

  public func reduce(_ gradients: inout [Float], _ totals: inout StepTotals) {}
}

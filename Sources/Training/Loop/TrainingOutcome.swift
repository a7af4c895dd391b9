/// The outcome of a run.
public struct TrainingOutcome: Sendable {
  /// Finished or interrupted.
  public let status: RunRecord.Status
  /// The result; nil if the run was interrupted.
  public let result: RunRecord.Result?
  /// The network with the lowest validation loss, or the last one of a budgeted run.
  public let best: Checkpoint
  /// The network of the last step.
  public let last: Checkpoint
}

/// What a run leaves.
public struct TrainingOutcome: Sendable {
  /// Finished or interrupted.
  public let status: RunRecord.Status
  /// What the run came to; nil when it was interrupted.
  public let result: RunRecord.Result?
  /// The network with the lowest validation loss.
  public let best: Checkpoint
  /// The network of the last step.
  public let last: Checkpoint
}

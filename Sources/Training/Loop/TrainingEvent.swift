/// What the loop tells whoever watches.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case step(StepProgress)
  /// An epoch ended, or the untrained network was measured (epoch 0); the tables have its row.
  case epoch(EpochRecord, isBest: Bool)
  /// The loop ended.
  case ended(RunRecord.Status)
}

/// Where an epoch is.
public struct StepProgress: Sendable {
  /// From 1; of how many.
  public let epoch: Int, epochCount: Int
  /// Steps done in this epoch; of how many.
  public let step: Int, stepCount: Int
  /// Mean loss and accuracy (0…1) of this epoch so far.
  public let loss: Double, accuracy: Double
  /// Images trained on per second since the loop began.
  public let imagesPerSecond: Double
}

/// Watches a run: writes its files, shows it to a person, draws its figures.
public protocol TrainingObserver: AnyObject {
  /// Learns what happened, in order, on the training thread.
  ///
  /// Training waits until it returns; what takes time belongs on another thread, as a
  /// `LatestValueWorker` has.
  ///
  /// - Throws: To end the run as failed.
  func observe(_ event: TrainingEvent) throws
}

/// What a trainer tells its observers.
public enum TrainingEvent: Sendable {
  /// Training begins, or goes on from a place in the run.
  case began(TrainingState.Progress)
  /// A step was taken.
  case step(StepRecord, StepProgress)
  /// An epoch was evaluated, or the untrained network was (epoch 0).
  ///
  /// `model` is the network that was evaluated; `isBest` when none before had a lower validation
  /// loss.
  case epoch(EpochRecord, model: Checkpoint, isBest: Bool)
  /// A point from which the run can be resumed; `model` is the network to be used.
  case resumable(TrainingState, model: Checkpoint)
  /// The run ended without an error.
  case ended(RunRecord.Status, RunRecord.Result?)
  /// The run ended with an error, which the trainer is about to throw.
  case failed(TrainingError)
}

/// Follows a run: writes its files, shows its progress, or draws its figures.
public protocol TrainingObserver: AnyObject {
  /// Called for every event, in order, on the training thread.
  ///
  /// Training waits until it returns; slow work belongs on another thread, such as that of a
  /// `LatestValueWorker`.
  ///
  /// - Throws: Any error, which ends the run as failed.
  func observe(_ event: TrainingEvent) throws
}

/// The events a trainer reports to its observers.
public enum TrainingEvent: Sendable {
  /// Training begins, or continues from a place in the run.
  case began(TrainingState.Progress)
  /// A step was taken.
  case step(StepRecord, StepProgress)
  /// How much the step that was told last changed each array of weights; of some steps.
  case layers([LayerRecord])
  /// The place of a budgeted run was read from the clock.
  case clock(ClockReading)
  /// The highest learning rate was changed, as the request of this name has asked.
  case learningRate(LearningRateChange, request: String)
  /// What was asked of the run cannot be done, for this reason.
  case refused(String)
  /// The run is saved and waits, as was asked.
  ///
  /// `seconds` is the time of training so far.
  case paused(step: Int, seconds: Double)
  /// It goes on after this many seconds, which do not count as training.
  case continued(after: Double)
  /// The images for validation with the highest loss, of an epoch that is told next.
  case worstImages(WorstImages.Epoch)
  /// The network on its way, at a step that has a snapshot; of runs that record their path.
  case snapshot(Checkpoint, step: Int)
  /// An epoch was evaluated, or the untrained network was (epoch 0).
  ///
  /// `model` is the network that was evaluated; `isBest` if no epoch before had a lower
  /// validation loss. A budgeted run does not validate every epoch, and then it is none.
  case epoch(EpochRecord, model: Checkpoint, isBest: Bool)
  /// The run can be resumed from this point; `model` is the network to use, nil where a run is
  /// saved inside an epoch and goes on.
  case resumable(TrainingState, model: Checkpoint?)
  /// Training diverged, and goes on from this earlier state at a lower rate.
  case retrying(Divergence, TrainingState)
  /// A rule completes the run before its last epoch, for this reason.
  case stopping(String)
  /// The run is complete: its best network, which can say now what it does not know.
  case completed(Checkpoint)
  /// The run ended without an error.
  case ended(RunRecord.Status, RunRecord.Result?)
  /// The run ended with an error, which the trainer is about to throw.
  case failed(TrainingError)
}

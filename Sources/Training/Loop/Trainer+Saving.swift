internal import ImageLoading
internal import Optimization

// What a run leaves at the end of an epoch, and where it can be resumed.
extension Trainer {
  /// Reports the result of an epoch, and offers a point to resume from.
  func finishEpoch(
    _ epoch: EpochRecord, _ evaluated: Checkpoint, isValidated: Bool = true
  ) throws {
    guard isValidated else {
      try tell(.epoch(epoch, model: evaluated, isBest: false))
      return try save(nil)
    }
    var evaluated = evaluated
    let isBest = state.note(
      epoch, evaluated: &evaluated, keepsLast: configuration.keepsLast)
    try tell(.epoch(epoch, model: evaluated, isBest: isBest))
    // A network as deep as it likes may overflow before it is trained, but not after.
    if epoch.epoch > 0, let loss = epoch.validationLoss, !loss.isFinite {
      throw TrainingError.diverged(divergence(Divergence.validationLoss, loss, kept: kept))
    }
    try save(evaluated)
  }

  /// Offers a point to resume from; `evaluated` is the network to use there, if it is known.
  func save(_ evaluated: Checkpoint?) throws {
    try requireFiniteState()
    try savingClock.measure {
      let saved = savedState()
      var evaluated = evaluated
      evaluated?.description = saved.checkpoint.description
      try tell(.resumable(saved, model: evaluated))
    }
    if configuration.onDivergence != .retry || state.progress.isBetweenEpochs {
      returnPoint = state
    }
    if !state.progress.isBegun {
      beginning = state
      // It is made again when it is needed.
      beginning?.model.optimizer = OptimizerState(memory: [])
    }
  }

  /// The state to save now.
  func savedState() -> TrainingState {
    state.trainingState(of: configuration.optimizer, memoryNames: step.optimizer.memoryNames)
  }

  /// The network to use and evaluate in a state.
  func evaluationCheckpoint(of state: RunState) throws(DatasetError) -> Checkpoint {
    let size = configuration.imageSize(at: course.epochPosition(state.progress))
    let values = try state.model.evaluationValues(
      optimizer: step.optimizer, source: source, progress: state.progress,
      execution: executions.execution(imageSize: size))
    return state.checkpoint(of: values)
  }

  func end(
    _ stop: (rule: any StoppingRule, decision: StopDecision)
  ) throws -> RunRecord.Status {
    try recordPath(isLast: true)
    // Between epochs everything is already saved.
    if !state.progress.isBetweenEpochs { try save(evaluationCheckpoint(of: state)) }
    guard stop.decision == .finish else { return .interrupted }
    let isWhole =
      configuration.budget == nil
      ? state.progress.epoch >= configuration.epochs : Course.isOver(state.progress)
    if !isWhole { try tell(.stopping(stop.rule.reason)) }
    return .finished
  }
}

internal import ImageLoading
public import Optimization

/// What an interrupted run continues from.
public struct ResumePoint: Sendable {
  /// Network, optimizer and place in the run, as last saved.
  public var state: TrainingState
  /// The best network so far; nil before the first epoch was evaluated.
  public var best: Checkpoint?
  /// What a run that goes back when it diverges goes back to, if it is an earlier state.
  public var returnState: TrainingState?

  /// Creates a point from its parts.
  public init(state: TrainingState, best: Checkpoint?) {
    self.state = state
    self.best = best
  }

  /// Reads what a run has saved.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer that continues.
  ///   - catalogues: Where layers and objective are looked up.
  /// - Throws: `CheckpointError` if a file is missing, damaged or belongs to another optimizer.
  public init(
    contentsOf run: RunDirectory, optimizer: OptimizerChoice, catalogues: Catalogues = .standard
  ) throws(CheckpointError) {
    let record = try RunRecord(contentsOf: run, catalogues: catalogues)
    state = try TrainingState(
      contentsOf: run.state, optimizer: optimizer, catalogues: catalogues)
    try Self.check(state.checkpoint, belongsTo: record, run.state)
    if let reason = Self.disagreement(of: state.progress, with: record) {
      throw .inconsistent(path: run.state, reason: reason)
    }
    if let saved = state.configuration,
      let change = record.configuration.difference(from: saved)
    {
      throw .inconsistent(
        path: run.record,
        reason: "\(change.name) is \(change.own), but the run was trained with \(change.other) "
          + "(\(run.state)); put that back, or start a new run")
    }
    let step = state.progress.step
    if let saved = state.configuration,
      saved.changes(through: step) != record.configuration.changes(through: step)
    {
      throw .inconsistent(
        path: run.record,
        reason: "learning_rate_changes up to step \(step) are not those that the run was trained "
          + "with (\(run.state)); put them back, or start a new run")
    }
    returnState = try Self.returnState(of: run, record, catalogues)
    guard let bestEpoch = state.progress.bestEpoch else {
      best = nil
      return
    }
    let path = run.bestCheckpoint(of: state.progress)
    let best: Checkpoint
    do {
      best = try Checkpoint(contentsOf: path, catalogues: catalogues)
    } catch {
      guard case .missing(let path) = error else { throw error }
      throw .inconsistent(path: path, reason: "it is missing; put the run's own file back")
    }
    try Self.check(best, belongsTo: record, path)
    guard best.description.normalization == state.checkpoint.description.normalization else {
      throw .inconsistent(
        path: path, reason: "its normalization is not that of \(run.state)")
    }
    guard best.description.epoch == bestEpoch else {
      throw .inconsistent(
        path: path,
        reason:
          "it is of epoch \(best.description.epoch), but the best was epoch \(bestEpoch); put "
          + "the run's own file back")
    }
    if let loss = best.description.validationLoss, loss != state.progress.bestLoss {
      throw .inconsistent(
        path: path,
        reason: "its validation loss is not that of the run's epoch \(bestEpoch); put the run's "
          + "own file back")
    }
    self.best = best
  }

  /// Reads what a run goes back to when it diverges; nil if it does not.
  private static func returnState(
    of run: RunDirectory, _ record: RunRecord, _ catalogues: Catalogues
  ) throws(CheckpointError) -> TrainingState? {
    guard record.configuration.onDivergence == .retry else { return nil }
    let state: TrainingState
    do throws(CheckpointError) {
      state = try TrainingState(
        contentsOf: run.returnState, optimizer: record.configuration.optimizer,
        catalogues: catalogues)
    } catch {
      if case .missing = error { return nil }
      throw error
    }
    try check(state.checkpoint, belongsTo: record, run.returnState)
    return state
  }

  /// Compares the saved network with the images that it is to be trained on.
  ///
  /// - Throws: `CheckpointError.inconsistent` naming what differs.
  func check(against data: TrainingData) throws(CheckpointError) {
    let own = state.checkpoint.description
    let problem = Problem.first([
      own.classes == data.classNames
        ? nil : "its classes are \(own.classes), but those of the images \(data.classNames)",
      own.normalization == data.normalization
        ? nil
        : "its normalization is not that of the training images, as where another version decodes "
          + "them differently; start a new run",
    ])
    if let problem { throw .inconsistent(path: "the state of \(own.run)", reason: problem) }
  }

  /// Compares what a checkpoint and the record of a run say about the network.
  ///
  /// - Throws: `CheckpointError.inconsistent` naming what differs.
  private static func check(
    _ checkpoint: Checkpoint, belongsTo record: RunRecord, _ path: String
  ) throws(CheckpointError) {
    let (own, choices) = (checkpoint.description, record.configuration)
    func differs<Value: Equatable>(_ name: String, _ value: Value, _ expected: Value) -> String? {
      value == expected ? nil : "\(name) is \(value), but the run has \(expected)"
    }
    let problem = Problem.first([
      own.run == record.name
        ? nil : "it is of the run \(own.run), not of \(record.name); put the run's own file back",
      differs("the architecture", own.architecture, choices.architecture),
      differs("the classes", own.classes, record.classes),
      differs("the image size", own.imageSize, choices.imageSize),
      differs("the fit", own.fit.rawValue, choices.fit.rawValue),
      differs(
        "the objective", (own.objective ?? .crossEntropy).description,
        choices.objective.description),
    ])
    if let problem { throw .inconsistent(path: path, reason: problem) }
  }

  /// What a place in a run says that its record excludes; nil if they agree.
  private static func disagreement(
    of progress: TrainingState.Progress, with record: RunRecord
  ) -> String? {
    let choices = record.configuration
    let steps = choices.stepsPerEpoch(trainingCount: record.trainingCount)
    let (expected, overflow) = progress.epoch.multipliedReportingOverflow(by: steps)
    // Epochs of a budgeted run may be cut short.
    let isWhole =
      choices.budget == nil
      ? progress.step == expected + progress.stepInEpoch
      : progress.step <= expected + progress.stepInEpoch
    guard !overflow, progress.stepInEpoch <= max(1, steps), isWhole
    else {
      return "step \(progress.step) is not step \(progress.stepInEpoch) of epoch "
        + "\(progress.epoch + 1), with \(steps) steps in an epoch"
    }
    guard progress.sums.images <= record.trainingCount else {
      return "\(progress.sums.images) images were seen in an epoch of \(record.trainingCount)"
    }
    return nil
  }
}

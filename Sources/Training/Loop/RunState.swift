internal import Optimization
internal import Support
internal import Tensors

/// Everything that changes during a run.
struct RunState {
  /// The description of the network for checkpoints.
  private(set) var description: ModelDescription
  /// The network being trained, and the optimizer's memory.
  var model: ModelState
  /// The place in the run.
  var progress: TrainingState.Progress
  /// The network with the lowest validation loss, or the last one if that is kept.
  private(set) var best: Checkpoint?
  /// ‖∇‖ of the last steps, for a message.
  private(set) var gradientNorms: [Double] = []
  private var clock = ContinuousClock.now

  /// The state before the first step.
  init(description: ModelDescription, model: ModelState) {
    self.description = description
    self.model = model
    progress = TrainingState.Progress()
  }

  /// The state from which a run continues.
  init(_ point: ResumePoint) {
    description = point.state.checkpoint.description
    model = ModelState(
      parameters: point.state.checkpoint.parameters, statistics: point.state.checkpoint.statistics,
      optimizer: point.state.optimizer)
    progress = point.state.progress
    best = point.best
  }

  /// The network being trained.
  var checkpoint: Checkpoint { checkpoint(of: (model.parameters, model.statistics)) }

  /// A checkpoint of other weights at the same place in the run.
  func checkpoint(of values: InitialWeights.Values) -> Checkpoint {
    Checkpoint(
      description: description, parameters: values.parameters, statistics: values.statistics)
  }

  /// Time spent training, in all parts of the run, seconds.
  var elapsedSeconds: Double { progress.seconds + (ContinuousClock.now - clock).seconds }

  /// Starts the clock; time between a save and the next start does not count.
  mutating func startClock() { clock = .now }

  /// Counts a step and adds its outcome.
  mutating func add(_ outcome: TrainingStep.Outcome) {
    progress.add(outcome)
    if gradientNorms.count == Self.normCount { gradientNorms.removeFirst() }
    gradientNorms.append(outcome.gradientNorm)
  }

  private static let normCount = 50

  /// Goes back to an earlier state; the time it took counts.
  mutating func goBack(to earlier: RunState, retries: Int) {
    let seconds = elapsedSeconds
    // The step that diverged was not counted.
    let furthest = max(progress.step + 1, progress.furthestStep ?? 0)
    self = earlier
    progress.seconds = seconds
    progress.furthestStep = furthest
    progress.retries = retries
    startClock()
  }

  /// Ends the epoch and returns its record, given the result of validation.
  mutating func endEpoch(
    validation: Evaluation?, _ course: Course
  ) -> EpochRecord {
    let means = progress.endEpoch().means
    let rate = course.learningRate(ofStep: progress.step - 1, progress)
    if course.validates(after: progress) {
      var plateau = progress.plateau ?? PlateauState()
      course.schedule.note(validation?.loss ?? means.loss, in: &plateau)
      progress.plateau = plateau
    }
    return EpochRecord(
      epoch: progress.epoch, step: progress.step, seconds: elapsedSeconds,
      learningRate: Double(rate), trainLoss: means.loss, trainAccuracy: means.accuracy,
      validationLoss: validation?.loss, validationAccuracy: validation?.accuracy,
      gradientNorm: means.gradientNorm)
  }

  /// Records the result of an epoch.
  ///
  /// - Parameters:
  ///   - evaluated: The network that was evaluated; its description is updated.
  ///   - keepsLast: Whether the latest counts as the best.
  /// - Returns: Whether it is the best so far; without validation images, the latest is.
  mutating func note(
    _ epoch: EpochRecord, evaluated: inout Checkpoint, keepsLast: Bool
  ) -> Bool {
    let isBest = progress.noteLoss(epoch.rank, ofEpoch: epoch.epoch, keepsLast: keepsLast)
    progress.validationAccuracy = epoch.validationAccuracy
    description.validationLoss = epoch.validationLoss
    description.validationAccuracy = epoch.validationAccuracy
    description.epoch = epoch.epoch
    description.step = epoch.step
    evaluated.description = description
    if isBest { best = evaluated }
    return isBest
  }

  /// The state to save now.
  mutating func trainingState(
    of optimizer: OptimizerChoice, memoryNames: [String]
  ) -> TrainingState {
    progress.seconds = elapsedSeconds
    startClock()
    description.step = progress.step
    return TrainingState(
      checkpoint: checkpoint, optimizer: model.optimizer, memoryNames: memoryNames,
      progress: progress, optimizerText: optimizer.description)
  }
}

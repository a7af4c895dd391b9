public import ConvNet
internal import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// Trains a network on loaded images.
///
/// Everything random is a function of the run's seed and the place in the run: the order of an
/// epoch, the augmentation of a sample, the dropout of a step. So a resumed run continues bit for
/// bit like one that was never stopped, and the number of threads changes nothing; nor does that of
/// the processes which share its batches.
///
/// A trainer writes no files by itself: give it a `RunRecorder` to keep a run directory.
public final class Trainer {
  /// The network being trained, for images of the final size.
  public let network: Network

  var configuration: TrainingConfiguration
  let data: TrainingData
  let source: BatchSource
  var course: Course
  let executions: Executions
  private let evaluator: RunEvaluator
  let rules: [any StoppingRule]
  var state: RunState
  /// Where a run that diverges goes back to: of a run that is to, the last complete epoch, which
  /// does not depend on the clock.
  var returnPoint: RunState?
  /// The state before the first step; nil for a run that was resumed after it.
  var beginning: RunState?
  /// Whether lower rates are tried when training diverges.
  let triesLowerRates: Bool
  let step: TrainingStep
  private let observers: [any TrainingObserver]
  /// Writes the run's files, and knows what is asked of the run there.
  let recorder: RunRecorder?
  /// The time between two looks for requests.
  package var requestInterval = Duration.milliseconds(100)
  /// When it was last seen whether something is asked.
  var lastLook: ContinuousClock.Instant?
  var savingClock: SavingClock
  /// What was measured in the last step, if anything was, and the largest change measured last.
  private var layers: [LayerRecord] = [], update: LayerUpdate?
  /// Nil in a run of epochs.
  var clock: RunClock?
  /// The path of the best checkpoint, for a message.
  private let keptPath: String?

  /// Prepares a new run, or one that is resumed.
  ///
  /// - Parameters:
  ///   - recorder: Writes the run's files; nil to write none.
  ///   - observers: Told what happens, after the recorder.
  ///   - stoppingRules: Rules besides the configuration's epochs and patience.
  ///   - initialWeights: Where the weights of a new run come from.
  ///   - reducer: Combines gradients with those of other processes.
  ///   - resuming: The saved point from which to resume; nil for a new run.
  ///   - saving: How often the run can be resumed from inside an epoch.
  ///   - secondsBefore: How much of a new run's budget is already spent, as on loading images.
  ///   - readings: The clock of another run, to be followed instead of this computer's.
  ///   - triesLowerRates: Whether lower rates are tried when training diverges, to say which helps.
  ///   - catalogues: Where the network's layers are looked up.
  /// - Throws: `ArchitectureError` if the network does not fit the image sizes, `ChoiceError` if
  ///   the objective does not fit the classes, `ScheduleError` if a formula gives no valid rate,
  ///   `TrainingError.alreadyFinished` or `.tooFewEpochs`, or what initial weights throw.
  public init(
    configuration: TrainingConfiguration, data: TrainingData, workers: Workers,
    recorder: RunRecorder? = nil, observers: [any TrainingObserver] = [],
    stoppingRules: [any StoppingRule] = [], initialWeights: InitialWeights = .whitened,
    reducer: any GradientReducer = IdentityReducer(), resuming: ResumePoint? = nil,
    saving: SavingInterval = .automatic, secondsBefore: Double = 0,
    readings: [ClockReading]? = nil, triesLowerRates: Bool = true,
    catalogues: Catalogues = .standard
  ) throws {
    self.configuration = configuration
    self.data = data
    self.triesLowerRates = triesLowerRates
    self.recorder = recorder
    self.observers = (recorder.map { [$0] } ?? []) + observers
    keptPath = recorder?.directory.bestCheckpoint
    savingClock = SavingClock(saving)
    rules = configuration.stoppingRules + stoppingRules
    network = try configuration.makeNetwork(
      classCount: data.classNames.count, catalogues: catalogues)
    course = try Course(configuration, trainingCount: data.training.count)
    source = BatchSource(configuration, data: data, workers: workers)
    executions = try Executions(
      configuration, network: network, batchSize: source.batchSize, workers: workers)
    evaluator = try RunEvaluator(configuration, data: data, network: network, workers: workers)
    step = TrainingStep(
      layout: network.parameterLayout,
      objective: try configuration.makeObjective(classCount: data.classNames.count),
      optimizer: configuration.optimizer.makeOptimizer(layout: network.parameterLayout),
      reducer: reducer, workers: workers)
    if let resuming {
      try resuming.check(against: data)
      try configuration.checkResumable(
        at: resuming.state.progress, status: recorder?.record.status,
        run: recorder?.directory.path ?? resuming.state.checkpoint.description.run)
      state = RunState(resuming)
      returnPoint =
        resuming.returnState.map {
          RunState(ResumePoint(state: $0, best: resuming.best))
        } ?? state
    } else {
      let execution = executions.execution(imageSize: configuration.imageSize)
      let values = try initialWeights.values(
        network, seed: RandomStream.initialization.seed(configuration.seed),
        images: TrainingImages(source: source, region: execution.input))
      state = RunState(
        description: ModelDescription(configuration, data, run: recorder?.directory.name ?? ""),
        model: ModelState(
          parameters: values.parameters, statistics: values.statistics,
          optimizer: step.optimizer.makeState(parameterCount: network.parameterLayout.count)))
      state.progress.available = configuration.budget.map { max(0, $0 - secondsBefore) }
    }
    clock = state.progress.available.map { RunClock(total: $0, recorded: readings) }
  }

  /// Trains until a rule stops the run.
  ///
  /// - Returns: How it ended, and the networks it leaves.
  /// - Throws: `TrainingError.diverged`, which keeps the last good checkpoint, or the error of an
  ///   observer.
  public func run() throws(TrainingError) -> TrainingOutcome {
    do {
      let status = try train()
      var best = state.best ?? state.checkpoint
      let result =
        status == .finished
        ? try evaluatorInTurn().result(of: best, seconds: state.progress.seconds) : nil
      if let loss = result?.testLoss, !loss.isFinite {
        throw TrainingError.diverged(divergence("test loss", loss, kept: nil))
      }
      if status == .finished {
        try evaluatorInTurn().calibrate(&best)
        try tell(.completed(best))
      }
      try tell(.ended(status, result))
      return TrainingOutcome(status: status, result: result, best: best, last: state.checkpoint)
    } catch {
      let failure = TrainingError(error)
      // The first error is the one to report.
      for observer in observers { try? observer.observe(.failed(failure)) }
      throw failure
    }
  }

  private func train() throws -> RunRecord.Status {
    state.startClock()
    try tell(.began(state.progress))
    if !state.progress.isBegun {
      try recordPath()
      let untrained = state.checkpoint
      let record = try measured { try evaluatorInTurn().untrainedRecord(of: untrained, source) }
      try readClock(isForced: true)
      beginEpoch()
      try finishEpoch(record, untrained)
    } else if let stop = rules.decision(at: state.progress) {
      // Only the end of the run was left.
      return try end(stop)
    }
    while true {
      do {
        return try takeEpochs()
      } catch TrainingError.diverged(let divergence) {
        try goBack(after: divergence)
      }
    }
  }

  /// Trains epoch by epoch until a rule stops the run.
  private func takeEpochs() throws -> RunRecord.Status {
    var speed = Speedometer()
    while true {
      let epoch = state.progress.epoch
      var batches = source.batches(
        ofEpoch: epoch, at: course.epochPosition(state.progress),
        fromStep: state.progress.stepInEpoch)
      let execution = executions.execution(imageSize: batches.imageSize)
      clock?.skip(at: state.progress.step, seconds: state.elapsedSeconds)
      while let batch = try batches.next(into: execution) {
        let record = try takeStep(batch, execution)
        speed.add(configuration.batchSize)
        try tell(
          .step(record, StepProgress(state.progress, configuration, source, speed, update)))
        if !layers.isEmpty { try tell(.layers(layers)) }
        try recordPath()
        if try carryOutRequests() { speed = Speedometer() }
        if let stop = rules.decision(at: state.progress) { return try end(stop) }
        // Before it is decided whether the epoch is validated.
        try readClock(isForced: state.progress.stepInEpoch == source.stepsPerEpoch)
        if course.endsEpoch(at: state.progress) { break }
        if isTrueOfFirst(savingClock.isDue) { try save(nil) }
      }
      let validates = course.validates(after: state.progress)
      var (evaluated, validation) = (state.checkpoint, Evaluation?.none)
      var worst: [WorstImages.Image] = []
      if validates {
        (evaluated, validation) = try measured {
          let evaluated = try evaluationCheckpoint(of: state)
          let found = try evaluatorInTurn().validate(evaluated)
          worst = found?.worst ?? []
          return (evaluated, found?.evaluation)
        }
      }
      let record = state.endEpoch(validation: validation, course)
      if validates { try readClock(isForced: true) }
      beginEpoch()
      if !worst.isEmpty {
        try tell(.worstImages(.init(epoch: record.epoch, step: record.step, images: worst)))
      }
      try finishEpoch(record, evaluated, isValidated: validates)
      if let stop = rules.decision(at: state.progress) { return try end(stop) }
    }
  }

  private func takeStep(
    _ batch: BatchSource.Batch, _ execution: Execution
  ) throws(TrainingError) -> StepRecord {
    let before = LayerRecord.isDue(atStep: state.progress.step + 1) ? state.model.parameters : nil
    do throws(TrainingStep.NotFinite) {
      let record = try takeStep(batch, execution, course, &state)
      layers = before.map { step.layers(from: $0, to: state) } ?? []
      update = .largest(of: layers, network) ?? update
      return record
    } catch {
      throw .diverged(divergence(error, batch, execution))
    }
  }

  /// Takes a step from any state of the run at the rate of any course.
  func takeStep(
    _ batch: BatchSource.Batch, _ execution: Execution, _ course: Course, _ state: inout RunState
  ) throws(TrainingStep.NotFinite) -> StepRecord {
    let rate = course.learningRate(ofStep: state.progress.step, state.progress)
    let images = NetworkBatch(
      execution, count: batch.samples.count,
      dropoutSeed: RandomStream.dropout.seed(configuration.seed, state.progress.step))
    let outcome = try step.take(
      images, targets: batch.targets, learningRate: rate, state: &state.model)
    state.add(outcome)
    return StepRecord(
      step: state.progress.step, epoch: state.progress.epoch + 1, loss: outcome.loss,
      learningRate: Double(rate), gradientNorm: outcome.gradientNorm)
  }

  /// The evaluator; the memory of training is given back meanwhile.
  func evaluatorInTurn() -> RunEvaluator {
    executions.releaseMemory()
    return evaluator
  }

  /// The path of the last good network, if there is one.
  var kept: String? { state.best == nil ? nil : keptPath }

  func tell(_ event: TrainingEvent) throws {
    for observer in observers { try observer.observe(event) }
  }
}

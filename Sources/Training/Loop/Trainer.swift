internal import ConvNet
internal import Foundation
internal import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// Trains a network on loaded pictures and keeps the run's files.
///
/// Everything random is a function of the run's seed and the place in the run: the order of an
/// epoch, the augmentation of a sample, the dropout of a step. So a resumed run goes on bit for bit
/// like one that was never stopped, and the number of threads changes nothing.
public final class Trainer {
  let configuration: TrainingConfiguration
  let data: TrainingData
  let directory: RunDirectory
  let network: Network
  let optimizer: any Optimizer
  let objective: any Objective, evaluationObjective: any Objective
  let schedule: LearningRateSchedule
  let execution: Execution
  let assembler: BatchAssembler
  let evaluator: Evaluator
  let workers: Workers
  let augmentation: AugmentationSettings
  let stepsPerEpoch: Int

  var description: ModelDescription
  var parameters: ParameterVector, statistics: ParameterVector
  var memory: OptimizerState
  var progress: TrainingState.Progress
  var gradients: ParameterVector
  var recorder: RunRecorder
  var clock = ContinuousClock.now

  /// Streams of the run's seed.
  enum Stream {
    static let initialization: UInt64 = 1
    static let order: UInt64 = 2
    static let augmentation: UInt64 = 3
    static let dropout: UInt64 = 4
    static let mixing: UInt64 = 5
  }

  /// Prepares a run that begins, or with `resuming` one that goes on.
  ///
  /// - Throws: `ArchitectureError` when the network does not fit the image size, `ChoiceError` when
  ///   the objective does not fit the classes, `ScheduleError` when a formula gives no rate.
  public init(
    configuration: TrainingConfiguration, data: TrainingData, directory: RunDirectory,
    workers: Workers, resuming: TrainingState? = nil
  ) throws {
    self.configuration = configuration
    self.data = data
    self.directory = directory
    self.workers = workers
    augmentation = configuration.augmentation.settings
    network = try Network(
      Architecture(configuration.architecture), imageSize: configuration.imageSize,
      classCount: data.classNames.count)
    optimizer = configuration.optimizer.makeOptimizer(layout: network.parameterLayout)
    let classCount = data.classNames.count
    objective = try configuration.makeObjective(classCount: classCount)
    evaluationObjective = try configuration.makeObjective(classCount: classCount, smoothed: false)
    stepsPerEpoch = configuration.stepsPerEpoch(trainingCount: data.training.count)
    schedule = try configuration.makeSchedule(trainingCount: data.training.count)
    let batchSize = min(configuration.batchSize, data.training.count)
    execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: true,
      convolution: configuration.convolution)
    assembler = BatchAssembler(
      imageSize: configuration.imageSize, normalization: data.normalization, workers: workers)
    evaluator = Evaluator(
      network: network, normalization: data.normalization, workers: workers,
      convolution: configuration.convolution)
    gradients = ParameterVector(network.parameterLayout)
    recorder = RunRecorder(directory: directory)
    let start =
      resuming
      ?? Self.untrained(configuration, data, directory, network, optimizer)
    description = start.checkpoint.description
    parameters = start.checkpoint.parameters
    statistics = start.checkpoint.statistics
    memory = start.optimizer
    progress = start.progress
    if resuming == nil, network.wantsImages { try whiten() }
  }

  /// Shows some training pictures, as they are, to a first layer that wants to see them.
  private func whiten() throws(DatasetError) {
    let some = try data.loaded.images(at: Array(order(ofEpoch: 0).prefix(256)))
    network.whiten(
      parameters: &parameters, statistics: &statistics, imageCount: some.places.count
    ) { index in
      assembler.assemble(
        pixels: some.pixels, indices: [some.places[index]], into: execution.input)
      return execution.input[0..<network.inputShape.count]
    }
  }

  private static func untrained(
    _ configuration: TrainingConfiguration, _ data: TrainingData, _ directory: RunDirectory,
    _ network: Network, _ optimizer: any Optimizer
  ) -> TrainingState {
    let initial = network.initialValues(
      seed: SeededGenerator.derivedSeed(configuration.seed, Stream.initialization))
    let description = ModelDescription(
      architecture: configuration.architecture, model: configuration.model,
      classes: data.classNames, imageSize: configuration.imageSize, fit: configuration.fit,
      normalization: data.normalization, objective: configuration.objective, epoch: 0, step: 0,
      run: directory.name)
    return TrainingState(
      checkpoint: Checkpoint(
        description: description, parameters: initial.parameters, statistics: initial.statistics),
      optimizer: optimizer.makeState(parameterCount: network.parameterLayout.count),
      progress: TrainingState.Progress())
  }

  /// How many numbers the optimizer changes.
  public var parameterCount: Int { network.parameterLayout.count }

  /// Trains until the last epoch, or until it is told to stop.
  ///
  /// - Parameters:
  ///   - record: The run's record; rewritten as the run goes.
  ///   - shouldStop: Asked after every step; when true, everything is saved and the loop ends.
  ///   - watch: Told about every step and epoch, on the caller's thread.
  /// - Returns: The record with its status: finished or interrupted.
  /// - Throws: `TrainingError.diverged`, after which the last good checkpoint is still there, or
  ///   `.file` when a file cannot be written.
  public func run(
    _ record: RunRecord, shouldStop: () -> Bool, watch: (TrainingEvent) -> Void
  ) throws(TrainingError) -> RunRecord {
    var record = record
    do {
      let status = try train(record, shouldStop, watch)
      record.status = status
      if status == .finished { record.result = try result() }
      try record.write(to: directory)
      try recorder.log("end", ["status": status.rawValue])
      watch(.ended(status))
      return record
    } catch {
      let failure =
        error as? TrainingError ?? (error as? FileError).map(TrainingError.file)
        ?? (error as? DatasetError).map(TrainingError.data)
      record.status = .failed
      if case .diverged(let step, _, _, _, _, _)? = failure {
        record.status = .diverged
        try? recorder.log("divergence", ["step": "\(step)"])
      }
      // The first failure is the one to tell; that its record cannot be written either adds nothing.
      try? recorder.flush()
      try? record.write(to: directory)
      watch(.ended(record.status))
      throw failure ?? .file(FileError(path: directory.path, reason: "\(error)"))
    }
  }

  private func train(
    _ record: RunRecord, _ shouldStop: () -> Bool, _ watch: (TrainingEvent) -> Void
  ) throws -> RunRecord.Status {
    clock = .now
    let resumed = progress.step > 0 || progress.epoch > 0
    try record.write(to: directory)
    if resumed {
      try recorder.resume(at: progress)
    } else {
      try recorder.begin(record)
      try finishEpoch(untrainedRecord(), of: checkpoint, watch)
    }
    let start = (steps: progress.step, time: ContinuousClock.now)
    while progress.epoch < configuration.epochs {
      let batches = order(ofEpoch: progress.epoch).batches(of: configuration.batchSize)
      var reader = BatchReader(data.loaded, batches: Array(batches[progress.stepInEpoch...]))
      while progress.stepInEpoch < stepsPerEpoch {
        try step(reader.next())
        let images = (progress.step - start.steps) * configuration.batchSize
        watch(
          .step(
            StepProgress(
              epoch: progress.epoch + 1, epochCount: configuration.epochs,
              step: progress.stepInEpoch, stepCount: stepsPerEpoch,
              loss: progress.sums.loss / Double(progress.sums.images),
              accuracy: Double(progress.sums.correct) / Double(progress.sums.images),
              imagesPerSecond: Double(images) / seconds(since: start.time))))
        if shouldStop() {
          try save()
          return .interrupted
        }
      }
      let settled = try settledCheckpoint()
      try finishEpoch(trainedRecord(of: settled), of: settled, watch)
      let waited = progress.epoch - (progress.bestEpoch ?? 0)
      if let patience = configuration.patience, waited >= patience { break }
    }
    return .finished
  }

  /// The network as it is now.
  var checkpoint: Checkpoint {
    Checkpoint(description: description, parameters: parameters, statistics: statistics)
  }

  // MARK: One step

  func order(ofEpoch epoch: Int) -> [Int] {
    var generator = SeededGenerator(
      seed: configuration.seed, stream: Stream.order, UInt64(epoch))
    return data.training.shuffled(using: &generator)
  }

  private func step(_ pictures: ImageBatch) throws(TrainingError) {
    let batch = pictures.samples
    var targets = Targets(
      batch.map { data.loaded.images[$0].classIndex }, classCount: data.classNames.count)
    assembler.assemble(
      pixels: pictures.pixels, indices: pictures.places, samples: batch,
      into: execution.input, augmentation: augmentation,
      seed: SeededGenerator.derivedSeed(configuration.seed, Stream.augmentation),
      epoch: progress.epoch)
    if let mixing = configuration.mixing {
      let seed = SeededGenerator.derivedSeed(
        configuration.seed, Stream.mixing, UInt64(progress.epoch), UInt64(progress.stepInEpoch))
      let plan = mixing.plan(seed: seed, count: batch.count, imageSize: configuration.imageSize)
      plan.apply(to: execution.input, imageSize: configuration.imageSize, workers: workers)
      targets.mix(plan.pairs, keeping: plan.kept)
    }
    let (loss, logits) = try differentiate(batch, targets)
    let norm = Kernels.sumOfSquares(gradients.scalars).squareRoot()
    if let point = optimizer.perturbedParameters(
      parameters.scalars, gradients: gradients.scalars, workers: workers)
    {
      // What a look elsewhere sees is not what the running statistics are of.
      let home = (parameters.scalars, statistics)
      parameters.scalars = point
      _ = try differentiate(batch, targets)
      (parameters.scalars, statistics) = home
    }
    let rate = learningRate(atStep: progress.step)
    optimizer.step(
      &parameters.scalars, gradients: gradients.scalars, learningRate: rate,
      state: &memory, workers: workers)

    progress.step += 1
    progress.stepInEpoch += 1
    progress.sums.add(
      loss: loss, norm: norm, logits: logits, targets: targets.dominantClasses)
    recorder.add(
      StepRecord(
        step: progress.step, epoch: progress.epoch + 1, loss: Double(loss),
        learningRate: Double(rate), gradientNorm: norm))
  }

  /// The rate of a step, counted from 0.
  func learningRate(atStep step: Int) -> Float {
    schedule.learningRate(atStep: step, plateau: progress.plateau ?? PlateauState())
  }

  /// Loss and logits of the pictures in `execution.input`; their gradient is left in `gradients`.
  private func differentiate(
    _ batch: [Int], _ targets: Targets
  ) throws(TrainingError) -> (loss: Float, logits: [Float]) {
    let phase = Phase.training(
      seed: SeededGenerator.derivedSeed(
        configuration.seed, Stream.dropout, UInt64(progress.step)))
    let logits = execution.forward(
      count: batch.count, parameters: parameters,
      statistics: &statistics, phase: phase)
    let (loss, logitGradient) = objective.evaluate(logits: logits, targets: targets)
    guard loss.isFinite else { throw diverged(loss, batch) }
    execution.backward(
      logitGradient: logitGradient, parameters: parameters,
      statistics: &statistics, gradients: &gradients, phase: phase)
    guard Kernels.sumOfSquares(gradients.scalars).isFinite else { throw diverged(loss, batch) }
    return (loss, logits)
  }

  private func diverged(_ loss: Float, _ batch: [Int]) -> TrainingError {
    let layer = execution.firstLayerNotFinite(count: batch.count).map {
      "layer \($0) (\(network.layers[$0].token))"
    }
    return .diverged(
      step: progress.step + 1, epoch: progress.epoch + 1, loss: loss, layer: layer,
      files: batch.map { data.loaded.images[$0].path }, kept: directory.bestCheckpoint)
  }
}

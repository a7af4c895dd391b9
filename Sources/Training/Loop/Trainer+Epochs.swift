internal import ConvNet
internal import Foundation
internal import ImageLoading
internal import Optimization
internal import Support
internal import Tensors

// What happens between epochs: measuring, recording, saving.
extension Trainer {
  func evaluate(_ checkpoint: Checkpoint, _ indices: [Int]) throws(DatasetError) -> Evaluation? {
    guard !indices.isEmpty else { return nil }
    let logits = try evaluator.logits(
      of: data.loaded, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    return Evaluation(
      logits: logits, targets: indices.map { data.loaded.images[$0].classIndex },
      classes: data.classNames, objective: evaluationObjective)
  }

  func untrainedRecord() throws(DatasetError) -> EpochRecord {
    // As many as are validated on are enough to see that the network knows nothing.
    let some = order(ofEpoch: 0).prefix(max(data.validation.count, 100))
    let training = try evaluate(checkpoint, Array(some))
    let validation = try evaluate(checkpoint, data.validation)
    return EpochRecord(
      epoch: 0, step: 0, seconds: 0, learningRate: 0, trainLoss: training?.loss ?? .nan,
      trainAccuracy: training?.accuracy ?? .nan, validationLoss: validation?.loss,
      validationAccuracy: validation?.accuracy, gradientNorm: nil)
  }

  func trainedRecord(of settled: Checkpoint) throws(DatasetError) -> EpochRecord {
    let sums = progress.sums
    let count = Double(sums.images)
    progress.epoch += 1
    progress.stepInEpoch = 0
    progress.sums = TrainingState.EpochSums()
    let validation = try evaluate(settled, data.validation)
    let rate = learningRate(atStep: progress.step - 1)
    var plateau = progress.plateau ?? PlateauState()
    schedule.note(validation?.loss ?? sums.loss / count, in: &plateau)
    progress.plateau = plateau
    return EpochRecord(
      epoch: progress.epoch, step: progress.step, seconds: elapsedSeconds(),
      learningRate: Double(rate),
      trainLoss: sums.loss / count, trainAccuracy: Double(sums.correct) / count,
      validationLoss: validation?.loss, validationAccuracy: validation?.accuracy,
      gradientNorm: sums.gradientNorm / count)
  }

  /// Records and saves the end of an epoch, the state last: a run killed in between is resumed
  /// from the state before, its extra rows are cut off and its files written again alike.
  ///
  /// - Parameter settled: The network that was judged.
  func finishEpoch(
    _ epoch: EpochRecord, of settled: Checkpoint, _ watch: (TrainingEvent) -> Void
  ) throws {
    // Without validation pictures the latest network counts as the best.
    let loss = epoch.validationLoss ?? -Double(epoch.epoch)
    let isBest = loss < progress.bestLoss ?? .infinity
    if isBest {
      progress.bestEpoch = epoch.epoch
      progress.bestLoss = loss
    }
    description.validationLoss = epoch.validationLoss
    description.validationAccuracy = epoch.validationAccuracy
    description.epoch = progress.epoch
    description.step = progress.step
    var settled = settled
    settled.description = description
    try recorder.flush()
    try recorder.add(epoch)
    if isBest {
      try settled.write(to: directory.bestCheckpoint)
      try recorder.log("best", ["epoch": "\(epoch.epoch)"])
    }
    try save(settled)
    watch(.epoch(epoch, isBest: isBest))
  }

  /// The network to be used and judged: that of the last step, or what the optimizer settled on.
  ///
  /// Running statistics belong to the weights they were taken with, so that for other weights they
  /// are taken anew.
  func settledCheckpoint() throws(DatasetError) -> Checkpoint {
    guard let point = optimizer.evaluationParameters(parameters.scalars, state: memory) else {
      return checkpoint
    }
    var settled = checkpoint
    settled.parameters.scalars = point
    guard !statistics.scalars.isEmpty else { return settled }
    let batches = order(ofEpoch: progress.epoch).batches(of: configuration.batchSize)
      .prefix(Self.batchesForStatistics)
    var reader = BatchReader(data.loaded, batches: Array(batches))
    for batch in batches {
      let pictures = try reader.next()
      assembler.assemble(
        pixels: pictures.pixels, indices: pictures.places, samples: batch,
        into: execution.input, augmentation: augmentation,
        seed: SeededGenerator.derivedSeed(configuration.seed, Stream.augmentation),
        epoch: progress.epoch)
      _ = execution.forward(
        count: batch.count, parameters: settled.parameters, statistics: &settled.statistics,
        phase: .training(seed: SeededGenerator.derivedSeed(configuration.seed, Stream.dropout)))
    }
    return settled
  }

  /// A running mean that keeps nine tenths has forgotten all but a thirtieth of what was before.
  private static let batchesForStatistics = 32

  /// Saves everything; `settled` is the network to be used, if it was found already.
  func save(_ settled: Checkpoint? = nil) throws {
    try recorder.flush()
    progress.seconds = elapsedSeconds()
    clock = .now
    description.step = progress.step
    let state = TrainingState(checkpoint: checkpoint, optimizer: memory, progress: progress)
    try state.write(to: directory.state, memoryNames: optimizer.memoryNames)
    var last = try settled ?? settledCheckpoint()
    last.description = description
    try last.write(to: directory.lastCheckpoint)
    try recorder.log("checkpoint", ["step": "\(progress.step)"])
  }

  func result() throws -> RunRecord.Result {
    let best = try Checkpoint(contentsOf: directory.bestCheckpoint)
    let test = try evaluate(best, data.test)
    return RunRecord.Result(
      bestEpoch: best.description.epoch, validationLoss: best.description.validationLoss,
      validationAccuracy: best.description.validationAccuracy, testLoss: test?.loss,
      testAccuracy: test?.accuracy, testAccuracyLow: test?.accuracyInterval.lowerBound,
      testAccuracyHigh: test?.accuracyInterval.upperBound, testCount: test?.count,
      seconds: progress.seconds)
  }

  func elapsedSeconds() -> Double { progress.seconds + seconds(since: clock) }

  func seconds(since start: ContinuousClock.Instant) -> Double {
    max(1e-9, (ContinuousClock.now - start).seconds)
  }
}

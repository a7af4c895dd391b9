internal import Foundation
internal import ImageLoading
internal import Optimization
internal import Tensors

// What happens between epochs: measuring, recording, saving.
extension Trainer {
  func evaluate(_ indices: [Int]) throws(DatasetError) -> Evaluation? {
    guard !indices.isEmpty else { return nil }
    let logits = try evaluator.logits(
      of: data.loaded, indices: indices, parameters: parameters, statistics: statistics)
    return Evaluation(
      logits: logits, targets: indices.map { data.loaded.images[$0].classIndex },
      classes: data.classNames, objective: evaluationObjective)
  }

  func untrainedRecord() throws(DatasetError) -> EpochRecord {
    // As many as are validated on are enough to see that the network knows nothing.
    let some = order(ofEpoch: 0).prefix(max(data.validation.count, 100))
    let training = try evaluate(Array(some))
    let validation = try evaluate(data.validation)
    return EpochRecord(
      epoch: 0, step: 0, seconds: 0, learningRate: 0, trainLoss: training?.loss ?? .nan,
      trainAccuracy: training?.accuracy ?? .nan, validationLoss: validation?.loss,
      validationAccuracy: validation?.accuracy, gradientNorm: nil)
  }

  func trainedRecord() throws(DatasetError) -> EpochRecord {
    let sums = progress.sums
    let count = Double(sums.images)
    progress.epoch += 1
    progress.stepInEpoch = 0
    progress.sums = TrainingState.EpochSums()
    let validation = try evaluate(data.validation)
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
  func finishEpoch(_ epoch: EpochRecord, _ watch: (TrainingEvent) -> Void) throws {
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
    try recorder.flush()
    try recorder.add(epoch)
    if isBest {
      try checkpoint.write(to: directory.bestCheckpoint)
      try recorder.log("best", ["epoch": "\(epoch.epoch)"])
    }
    try save()
    watch(.epoch(epoch, isBest: isBest))
  }

  func save() throws {
    try recorder.flush()
    progress.seconds = elapsedSeconds()
    clock = .now
    description.step = progress.step
    let state = TrainingState(checkpoint: checkpoint, optimizer: memory, progress: progress)
    try state.write(to: directory.state, memoryNames: optimizer.memoryNames)
    try checkpoint.write(to: directory.lastCheckpoint)
    try recorder.log("checkpoint", ["step": "\(progress.step)"])
  }

  func result() throws -> RunRecord.Result {
    let best = try Checkpoint(contentsOf: directory.bestCheckpoint)
    (parameters, statistics) = (best.parameters, best.statistics)
    let test = try evaluate(data.test)
    return RunRecord.Result(
      bestEpoch: best.description.epoch, validationLoss: best.description.validationLoss,
      validationAccuracy: best.description.validationAccuracy, testLoss: test?.loss,
      testAccuracy: test?.accuracy, testAccuracyLow: test?.accuracyInterval.lowerBound,
      testAccuracyHigh: test?.accuracyInterval.upperBound, testCount: test?.count,
      seconds: progress.seconds)
  }

  func elapsedSeconds() -> Double { progress.seconds + seconds(since: clock) }

  func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - start).components
    return max(1e-9, Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
  }
}

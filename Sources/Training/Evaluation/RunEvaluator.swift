internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import Tensors

/// Evaluates networks on the images of a run.
struct RunEvaluator {
  private let data: TrainingData
  private let evaluator: Evaluator
  /// The run's objective without label smoothing.
  private let objective: any Objective

  init(
    _ configuration: TrainingConfiguration, data: TrainingData, network: Network, workers: Workers
  ) throws {
    self.data = data
    evaluator = Evaluator(
      configuration, network: network, normalization: data.normalization, workers: workers)
    objective = try configuration.makeObjective(classCount: network.classCount, smoothed: false)
  }

  /// The mean loss and accuracy of a network on some images; nil if there are none.
  ///
  /// - Parameter indices: Indices of images in the loaded dataset.
  /// - Throws: `DatasetError.changed` if a file has changed.
  func evaluate(
    _ checkpoint: Checkpoint, on indices: [Int]
  ) throws(DatasetError) -> Evaluation? {
    try indices.isEmpty ? nil : evaluation(logits(of: checkpoint, indices), indices)
  }

  private func logits(
    of checkpoint: Checkpoint, _ indices: [Int]
  ) throws(DatasetError) -> [Float] {
    try evaluator.logits(
      of: data.loaded, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
  }

  private func evaluation(_ logits: [Float], _ indices: [Int]) -> Evaluation {
    Evaluation(
      logits: logits, targets: indices.map { data.loaded.images[$0].classIndex },
      classes: data.classNames, objective: objective)
  }

  /// The loss and accuracy on the images for validation, and those with the highest loss; nil if
  /// there are none.
  ///
  /// - Throws: `DatasetError.changed` if a file has changed.
  func validate(
    _ checkpoint: Checkpoint
  ) throws(DatasetError) -> (evaluation: Evaluation, worst: [WorstImages.Image])? {
    let indices = data.validation
    guard !indices.isEmpty else { return nil }
    let logits = try logits(of: checkpoint, indices)
    let images = indices.map { data.loaded.images[$0] }
    return (
      evaluation(logits, indices),
      WorstImages.images(
        logits: logits, targets: images.map(\.classIndex), paths: images.map(\.path),
        classCount: data.classNames.count, objective: objective)
    )
  }

  /// The record of epoch 0: the network before training.
  func untrainedRecord(
    of checkpoint: Checkpoint, _ source: BatchSource
  ) throws(DatasetError) -> EpochRecord {
    // As many images as there are for validation are enough to see that the network guesses.
    let some = source.order(ofEpoch: 0).prefix(max(data.validation.count, 100))
    let training = try evaluate(checkpoint, on: Array(some))
    let validation = try evaluate(checkpoint, on: data.validation)
    return EpochRecord(
      epoch: 0, step: 0, seconds: 0, learningRate: 0, trainLoss: training?.loss ?? .nan,
      trainAccuracy: training?.accuracy ?? .nan, validationLoss: validation?.loss,
      validationAccuracy: validation?.accuracy, gradientNorm: nil)
  }

  /// Chooses on the images for validation how probable a network's labels are, and when they are
  /// answers; not if the images are too few.
  func calibrate(_ checkpoint: inout Checkpoint) throws(DatasetError) {
    guard data.validation.count >= AnswerRule.fewestImages else { return }
    let outputs = try evaluator.outputs(
      of: data.loaded, indices: data.validation, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    checkpoint.description.calibrate(
      outputs, targets: data.validation.map { data.loaded.images[$0].classIndex })
  }

  /// The result of a run: the best network on the test images.
  ///
  /// - Parameter seconds: Time spent training.
  func result(
    of best: Checkpoint, seconds: Double
  ) throws(DatasetError) -> RunRecord.Result {
    let test = try evaluate(best, on: data.test)
    return RunRecord.Result(
      bestEpoch: best.description.epoch, validationLoss: best.description.validationLoss,
      validationAccuracy: best.description.validationAccuracy, testLoss: test?.loss,
      testAccuracy: test?.accuracy, testAccuracyLow: test?.accuracyInterval.lowerBound,
      testAccuracyHigh: test?.accuracyInterval.upperBound,
      testBalancedAccuracy: test?.balancedAccuracy, testMajorityAccuracy: test?.majorityAccuracy,
      testCount: test?.count,
      seconds: seconds)
  }
}

/// One epoch of a run: a row of `metrics.csv`.
///
/// Row 0 is the network before training.
public struct EpochRecord: TableRow, Codable, Equatable {
  /// Epochs done; 0 is the untrained network.
  public var epoch: Int
  /// Steps done in total.
  public var step: Int
  /// Time since the run began, without pauses, seconds.
  public var seconds: Double
  /// The rate of the epoch's last step; 0 in row 0.
  public var learningRate: Double
  /// Mean over the epoch's steps, each measured just before the step.
  ///
  /// This includes augmentation and dropout, on a network that keeps changing. Row 0 is measured on
  /// some of the training images without either.
  public var trainLoss: Double, trainAccuracy: Double
  /// Measured after the epoch on all validation images; nil if there are none.
  public var validationLoss: Double?, validationAccuracy: Double?
  /// Mean over the epoch's steps of ‖∇‖; nil in row 0.
  public var gradientNorm: Double?

  /// Creates a record.
  public init(
    epoch: Int, step: Int, seconds: Double, learningRate: Double, trainLoss: Double,
    trainAccuracy: Double, validationLoss: Double?, validationAccuracy: Double?,
    gradientNorm: Double?
  ) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.gradientNorm = gradientNorm
  }

  public static let columns = [
    "epoch", "step", "seconds", "learning_rate", "train_loss", "train_accuracy",
    "validation_loss", "validation_accuracy", "gradient_norm",
  ]

  public var values: [Double?] {
    [
      Double(epoch), Double(step), seconds, learningRate, trainLoss, trainAccuracy,
      validationLoss, validationAccuracy, gradientNorm,
    ]
  }

  public init?(values: [Double?]) {
    guard values.count == Self.columns.count,
      let epoch = values[0].flatMap(wholeNumber), let step = values[1].flatMap(wholeNumber),
      let seconds = values[2], (0...TrainingState.Progress.longest).contains(seconds),
      let learningRate = values[3], learningRate >= 0, learningRate.isFinite,
      let trainLoss = values[4], let trainAccuracy = values[5], isAccuracy(trainAccuracy),
      values[7].map(isAccuracy) ?? true
    else { return nil }
    self.init(
      epoch: epoch, step: step, seconds: seconds, learningRate: learningRate,
      trainLoss: trainLoss, trainAccuracy: trainAccuracy, validationLoss: values[6],
      validationAccuracy: values[7], gradientNorm: values[8])
  }
}

/// One step of a run: a row of `steps.csv`.
public struct StepRecord: TableRow, Equatable {
  /// Counted from 1 over the whole run; the epoch it belongs to, from 1.
  public var step: Int, epoch: Int
  /// Mean over the batch, just before the step.
  public var loss: Double
  /// η of the step.
  public var learningRate: Double
  /// ‖∇‖ of the batch.
  public var gradientNorm: Double

  /// Creates a record.
  public init(step: Int, epoch: Int, loss: Double, learningRate: Double, gradientNorm: Double) {
    self.step = step
    self.epoch = epoch
    self.loss = loss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
  }

  public static let columns = ["step", "epoch", "loss", "learning_rate", "gradient_norm"]

  public var values: [Double?] {
    [Double(step), Double(epoch), loss, learningRate, gradientNorm]
  }

  public init?(values: [Double?]) {
    guard values.count == Self.columns.count,
      let step = values[0].flatMap(wholeNumber), let epoch = values[1].flatMap(wholeNumber),
      let loss = values[2], let learningRate = values[3], learningRate >= 0,
      learningRate.isFinite, let gradientNorm = values[4]
    else { return nil }
    self.init(
      step: step, epoch: epoch, loss: loss, learningRate: learningRate,
      gradientNorm: gradientNorm)
  }
}

/// A whole number that was counted; nil for any other number.
func wholeNumber(_ value: Double) -> Int? {
  (0...0x1p53).contains(value) ? Int(exactly: value) : nil
}

/// A fraction, or NaN where nothing was measured.
private func isAccuracy(_ value: Double) -> Bool { (0...1).contains(value) || value.isNaN }

/// What one training run measured, as plain values.
public struct TrainingCurve: Hashable, Sendable {
  /// What was measured at the end of an epoch; `nil` is not measured, NaN is diverged.
  public struct Epoch: Hashable, Sendable {
    /// Passes over the training images so far; `0` is the untrained network.
    public var epoch: Double
    /// Mean loss per image.
    public var trainLoss: Double?, validationLoss: Double?
    /// Fractions `0...1` of images.
    public var trainAccuracy: Double?, validationAccuracy: Double?
    /// Since the start of training.
    public var seconds: Double?
    /// Of the last step.
    public var learningRate: Double?

    /// Creates a row of measurements.
    public init(
      epoch: Double, trainLoss: Double? = nil, validationLoss: Double? = nil,
      trainAccuracy: Double? = nil, validationAccuracy: Double? = nil, seconds: Double? = nil,
      learningRate: Double? = nil
    ) {
      self.epoch = epoch
      self.trainLoss = trainLoss
      self.validationLoss = validationLoss
      self.trainAccuracy = trainAccuracy
      self.validationAccuracy = validationAccuracy
      self.seconds = seconds
      self.learningRate = learningRate
    }
  }

  /// What was measured in one step of the optimizer, or in several that are drawn as one.
  public struct Step: Hashable, Sendable {
    /// Steps so far, from 1; of several, the last.
    public var step: Int
    /// Passes over the training images so far, with a fraction.
    public var epoch: Double
    /// Mean loss of the batch; of several, their mean.
    public var loss: Double
    /// Of this step.
    public var learningRate: Double
    /// The least and the greatest loss of several.
    public var lowest: Double, highest: Double
    /// How many steps these are.
    public var count = 1

    /// Creates a row of measurements of one step.
    public init(step: Int, epoch: Double, loss: Double, learningRate: Double) {
      self.step = step
      self.epoch = epoch
      self.loss = loss
      self.learningRate = learningRate
      (lowest, highest) = (loss, loss)
    }
  }

  /// Distinguishes the run from others; for example, the optimizer.
  public var name: String
  /// What the run is called, if `name` does not say so; in a figure of several, the legend has it.
  public var runName: String
  /// Ascending; row 0 is the network before training.
  public var epochs: [Epoch]
  /// Ascending; may be empty.
  public var steps: [Step]
  /// At least 2; determines the result of guessing.
  public var classCount: Int
  /// Loss of a classifier that gives all classes the same probability; nil for the logarithm of
  /// their number, as for cross-entropy.
  public var guessingLoss: Double?
  /// The accuracy of always giving the largest class, 0…1; nil for that of classes of equal size.
  public var majorityAccuracy: Double?
  /// The source of the values: facts separated by ` · `.
  public var notes: String
  /// The number of the group its optimizer belongs to, which decides its color; nil for the next
  /// free one.
  public var group: Int?
  /// Whether the run keeps its last network instead of that with the lowest validation loss.
  public var keepsLast: Bool
  /// What training values were measured with and validation values were not, such as dropout.
  public var trainingConditions: [String]

  /// Creates a curve.
  ///
  /// - Precondition: There are at least two classes.
  public init(
    name: String, runName: String = "", epochs: [Epoch], steps: [Step] = [], classCount: Int,
    guessingLoss: Double? = nil, majorityAccuracy: Double? = nil, notes: String = "",
    group: Int? = nil, keepsLast: Bool = false, trainingConditions: [String] = []
  ) {
    precondition(classCount >= 2, "\(classCount) classes leave nothing to learn")
    self.name = name
    self.runName = runName
    self.epochs = epochs
    self.steps = steps
    self.classCount = classCount
    self.guessingLoss = guessingLoss
    self.majorityAccuracy = majorityAccuracy
    self.notes = notes
    self.group = group
    self.keepsLast = keepsLast
    self.trainingConditions = trainingConditions
  }

  /// The epoch with the lowest validation loss, the first of equals.
  public var lowestValidationLoss: Epoch? {
    best(\.validationLoss, isBetter: <)
  }

  /// The epoch with the highest validation accuracy, the first of equals.
  public var highestValidationAccuracy: Epoch? {
    best(\.validationAccuracy, isBetter: >)
  }

  /// The last epoch with a validation loss or accuracy.
  var lastValidated: Epoch? {
    epochs.last {
      $0.validationLoss?.isFinite ?? false || $0.validationAccuracy?.isFinite ?? false
    }
  }

  private func best(
    _ quantity: KeyPath<Epoch, Double?>, isBetter: (Double, Double) -> Bool
  ) -> Epoch? {
    var best: (epoch: Epoch, value: Double)?
    for epoch in epochs {
      guard let value = epoch[keyPath: quantity], value.isFinite else { continue }
      if let best, !isBetter(value, best.value) { continue }
      best = (epoch, value)
    }
    return best?.epoch
  }
}

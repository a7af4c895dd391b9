internal import Support

/// The place in an epoch, with its means so far.
public struct StepProgress: Equatable, Sendable {
  /// The epoch, from 1, and how many there are.
  public let epoch: Int, epochCount: Int
  /// Steps taken in this epoch, and how many there are.
  public let step: Int, stepCount: Int
  /// The place in the run, 0 to 1.
  public let position: Double
  /// Mean loss and accuracy (0…1) of this epoch so far.
  public let loss: Double, accuracy: Double
  /// Images trained on per second since training began.
  public let imagesPerSecond: Double
  /// The largest change of an array that was measured last; nil before the first measurement.
  public let update: LayerUpdate?

  init(
    _ progress: TrainingState.Progress, _ configuration: TrainingConfiguration,
    _ source: BatchSource, _ speed: Speedometer, _ update: LayerUpdate?
  ) {
    let means = progress.sums.means
    epoch = progress.epoch + 1
    epochCount = configuration.epochs
    step = progress.stepInEpoch
    stepCount = source.stepsPerEpoch
    let epochs = Double(progress.epoch) + Double(step) / Double(stepCount)
    position =
      progress.place ?? min(1, epochs / Double(epochCount))
    loss = means.loss
    accuracy = means.accuracy
    imagesPerSecond = speed.imagesPerSecond
    self.update = update
  }
}

/// Measures images per second from the moment it is created.
struct Speedometer {
  private let start = ContinuousClock.now
  private var images = 0

  mutating func add(_ count: Int) { images += count }

  var imagesPerSecond: Double { Double(images) / max(1e-9, (ContinuousClock.now - start).seconds) }
}

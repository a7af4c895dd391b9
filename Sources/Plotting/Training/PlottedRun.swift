internal import Support

/// The values of one run as drawn: over one horizontal axis, smoothed.
struct PlottedRun {
  let curve: TrainingCurve
  /// Loss of single steps; empty unless they are shown beside their average.
  private(set) var single: [DataPoint] = []
  /// Training loss or accuracy, smoothed if there are enough steps.
  private(set) var training: [DataPoint] = []
  /// Whether `training` has one point for each epoch.
  private(set) var trainsByEpoch = true
  /// Validation loss or accuracy at the end of epochs.
  private(set) var validation: [DataPoint]
  /// Learning rate of steps, or of epochs if steps are not known.
  private(set) var learningRate: [DataPoint]
  /// The epoch that the run keeps: its last, or that of the lowest validation loss.
  private(set) var best: (epoch: Double, point: DataPoint)?
  /// Where validation is best, from where on it may get worse.
  private var turn: DataPoint?

  /// - Parameter halfLife: In steps; `nil` leaves the training loss as it is.
  init(
    _ curve: TrainingCurve, _ quantity: TrainingFigure.Quantity, on axis: HorizontalAxis,
    halfLife: Double?
  ) {
    let places = EpochPlaces(curve, on: axis)
    func place(_ epoch: Double) -> Double { places?.place(of: epoch) ?? epoch }
    func points(_ quantity: KeyPath<TrainingCurve.Epoch, Double?>) -> [DataPoint] {
      curve.epochs.compactMap { row in
        row[keyPath: quantity].map { DataPoint(place(row.epoch), $0.isFinite ? $0 : .nan) }
      }
    }
    self.curve = curve
    let isAccuracy = quantity == .accuracy
    validation = points(isAccuracy ? \.validationAccuracy : \.validationLoss)
    func point(_ row: TrainingCurve.Epoch?) -> (epoch: Double, point: DataPoint)? {
      guard let row, let value = isAccuracy ? row.validationAccuracy : row.validationLoss else {
        return nil
      }
      return (row.epoch, DataPoint(place(row.epoch), value))
    }
    let lowest = point(
      curve.lowestValidationLoss ?? (isAccuracy ? curve.highestValidationAccuracy : nil))
    turn = lowest?.point
    best = curve.keepsLast ? point(curve.lastValidated) : lowest
    let steps = curve.steps.map { (place: place($0.epoch), step: $0) }
    learningRate =
      steps.isEmpty
      ? points(\.learningRate) : steps.map { DataPoint($0.place, $0.step.learningRate) }
    guard !isAccuracy, !steps.isEmpty else {
      training = points(isAccuracy ? \.trainAccuracy : \.trainLoss)
      return
    }
    trainsByEpoch = false
    let losses = steps.flatMap { place, step in step.drawn.map { DataPoint(place, $0) } }
    guard let halfLife, steps.count >= Self.fewestSmoothed else {
      training = losses
      return
    }
    single = losses
    var average = MovingAverage(halfLife: halfLife)
    training = steps.map {
      DataPoint(
        $0.place,
        average.add($0.step.loss, at: Double($0.step.step), weight: Double($0.step.count)))
    }
  }

  /// The run on an axis whose unit is `unit` times as large.
  func over(unit: Double) -> PlottedRun {
    func place(_ point: DataPoint) -> DataPoint { DataPoint(point.x / unit, point.y) }
    var run = self
    run.single = single.map(place)
    run.training = training.map(place)
    run.validation = validation.map(place)
    run.learningRate = learningRate.map(place)
    run.best = best.map { ($0.epoch, place($0.point)) }
    run.turn = turn.map(place)
    return run
  }

  /// The greatest place of anything drawn.
  var furthest: Double {
    [training.last, validation.last, learningRate.last].compactMap { $0?.x }.max() ?? 0
  }

  /// An average over fewer points would hide more than it shows.
  static let fewestSmoothed = 10

  /// Loss of single steps, however it is shown; empty if steps are not known.
  var steps: [DataPoint] { trainsByEpoch ? [] : single.isEmpty ? training : single }

  /// Whether the learning rate changes.
  var learningRateVaries: Bool {
    let rates = learningRate.map(\.y).filter(\.isFinite)
    guard let low = rates.min(), let high = rates.max() else { return false }
    return high - low > 1e-6 * high
  }

  /// The validation points in which validation gets worse while training gets better, from the
  /// best one on, with the training curve below them; `nil` if the two do not part.
  var overfit: (validation: [DataPoint], training: [DataPoint])? {
    guard let turn else { return nil }
    let tail = validation.filter { $0.x >= turn.x && $0.y.isFinite }
    let below = training.filter { $0.x >= turn.x && $0.y.isFinite }
    guard tail.count >= 3, let firstBelow = below.first, let lastBelow = below.last,
      let last = tail.last
    else { return nil }
    let gapAtBest = max(0, turn.y - firstBelow.y)
    let isGrowing = last.y - lastBelow.y > 1.25 * gapAtBest && last.y > 1.1 * turn.y
    return isGrowing && lastBelow.y < firstBelow.y ? (tail, below) : nil
  }
}

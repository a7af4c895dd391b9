/// The picture of one training run, or of several in the same axes.
///
/// One run shows training against validation; several show the validation of each.
public struct TrainingFigure: Sendable {
  /// What is drawn over the horizontal axis.
  public enum Quantity: String, CaseIterable, Sendable { case loss, accuracy, learningRate }

  /// Canvas units; a PNG has twice as many pixels.
  public static let width = 800.0, height = 500.0

  let quantity: Quantity
  let horizontalAxis: HorizontalAxis
  let logarithmic: Bool
  let theme: Theme
  let runs: [PlottedRun]
  /// In steps; `nil` where nothing was smoothed.
  let halfLife: Double?

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - horizontalAxis: Falls back to epochs if a run did not measure steps or time.
  ///   - logarithmic: Ignored for accuracies, and where no number is positive.
  ///   - smoothing: Half-life of the training loss in steps; `nil` chooses about a hundredth of
  ///     the steps, `0` shows every step as it was. Fewer than ten steps are never smoothed.
  public init(
    curves: [TrainingCurve], quantity: Quantity, horizontalAxis: HorizontalAxis = .epoch,
    logarithmic: Bool = false, smoothing: Double? = nil, theme: Theme = .light
  ) {
    let isMeasured = curves.allSatisfy { EpochPlaces($0, on: horizontalAxis) != nil }
    let axis = isMeasured ? horizontalAxis : .epoch
    let longest = curves.map(\.steps.count).max() ?? 0
    let wanted = smoothing ?? MovingAverage.automaticHalfLife(stepCount: longest)
    let halfLife = wanted > 0 ? wanted : nil
    self.quantity = quantity
    self.horizontalAxis = axis
    self.logarithmic = logarithmic && quantity != .accuracy
    self.theme = theme
    runs = curves.map { PlottedRun($0, quantity, on: axis, halfLife: halfLife) }
    self.halfLife = runs.contains { !$0.single.isEmpty } ? halfLife : nil
  }

  /// Fills a canvas of 800 × 500 canvas units.
  public func draw(on canvas: any Canvas) { figure.draw(on: canvas) }

  /// Writes the figure: a PNG of 1600 × 1000 pixels or a vector file of 800 × 500 points.
  ///
  /// - Throws: `PictureError.unwritable`; nothing is left behind then.
  public func write(
    to path: String, format: CairoCanvas.FileFormat = .png
  ) throws(PictureError) {
    try figure.write(to: path, format: format)
  }

  /// The figure as a value.
  package var figure: Figure {
    var axes = [Axes(horizontal: horizontal, vertical: vertical, marks: marks)]
    if quantity == .loss, runs.contains(where: \.learningRateVaries) {
      axes.append(learningRateStrip)
    }
    return Figure(
      title: title, subtitle: subtitle, axes: axes, footer: footer, theme: theme)
  }

  // MARK: Axes

  private var timeUnit: TimeUnit { TimeUnit(fitting: furthest) }

  /// The greatest place of anything drawn.
  var furthest: Double {
    runs.flatMap { [$0.training.last, $0.validation.last, $0.learningRate.last] }
      .compactMap { $0?.x }.max() ?? 0
  }

  private var horizontal: Axis {
    // An untrained network has nothing but its epoch 0; the axis still needs an extent.
    let end = furthest > 0 ? furthest : 1
    return switch horizontalAxis {
    case .epoch: Axis("epoch", 0...end)
    case .step: Axis("step", 0...end)
    case .time: Axis("time in \(timeUnit.name)", 0...end / timeUnit.seconds)
    }
  }

  private var vertical: Axis {
    switch quantity {
    case .loss:
      let range = VerticalRange(
        values: drawnValues,
        single: runs.count == 1 ? runs[0].steps.map(\.y) : [], guessing: guessing,
        logarithmic: logarithmic)
      return Axis("loss", range.domain, range.kind)
    case .accuracy:
      return Axis(
        "accuracy", VerticalRange(accuracies: drawnValues, guessing: guessing ?? 1).domain,
        format: .percent)
    case .learningRate: return learningRateAxis(tickLimit: 6)
    }
  }

  private var drawnValues: [Double] {
    let showsTraining = runs.count <= Self.runsWithTraining
    return runs.flatMap { run in
      // Single steps may lie above the axis; their average and whole epochs may not.
      let isAveraged = run.trainsByEpoch || !run.single.isEmpty
      return run.validation + (showsTraining && (isAveraged || runs.count > 1) ? run.training : [])
    }.map(\.y)
  }

  private func learningRateAxis(tickLimit: Int) -> Axis {
    let range = VerticalRange(
      values: runs.flatMap(\.learningRate).map(\.y), single: [], guessing: nil,
      logarithmic: logarithmic && quantity == .learningRate)
    return Axis("learning rate", range.domain, range.kind, tickLimit: tickLimit)
  }

  private var learningRateStrip: Axes {
    var vertical = learningRateAxis(tickLimit: 3)
    vertical.domain = Ticks.niceDomain(around: vertical.domain, limit: 3)
    return Axes(horizontal: horizontal, vertical: vertical, marks: placed(learningRateMarks))
  }

  private var marks: [Mark] {
    let drawn =
      quantity == .learningRate
      ? learningRateMarks : runs.count == 1 ? marksOfOne(vertical) : marksOfSeveral(vertical)
    return placed(drawn)
  }

  /// Marks with times in the unit of the axis.
  private func placed(_ marks: [Mark]) -> [Mark] {
    guard horizontalAxis == .time else { return marks }
    func place(_ point: DataPoint) -> DataPoint {
      DataPoint(point.x / timeUnit.seconds, point.y)
    }
    return marks.map { mark in
      switch mark {
      case .line(let points, let pen, let label): .line(points.map(place), pen, label: label)
      case .points(let points, let marker): .points(points.map(place), marker)
      case .band(let upper, let lower, let color):
        .band(upper.map(place), lower.map(place), color)
      case .reference: mark
      case .annotation(let point, let marker, let label):
        .annotation(place(point), marker, label: label)
      }
    }
  }
}

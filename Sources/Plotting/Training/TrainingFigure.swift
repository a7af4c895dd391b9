internal import Support

/// One training run, or several in the same axes.
///
/// One run shows training against validation; several show the validation of each.
public struct TrainingFigure: TitledFigure, NarrowFigure {
  /// The quantity on the vertical axis.
  public enum Quantity: String, CaseIterable, Sendable { case loss, accuracy, learningRate }

  public let size = Size.chart
  package var narrowSize: Size? { figure.narrowSize }
  public var captions: [String] { figure.captions }
  var givenTitle: String?
  let quantity: Quantity
  let horizontalAxis: HorizontalAxis
  let logarithmic: Bool
  let theme: Theme
  let runs: [PlottedRun]
  private let timeUnit: TimeUnit
  /// In steps; `nil` if nothing was smoothed.
  let halfLife: Double?

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - horizontalAxis: Falls back to epochs if a run has no steps or time.
  ///   - logarithmic: Ignored for accuracies, and if no value is positive.
  ///   - smoothing: Half-life of the training loss in steps; `nil` chooses about a hundredth of
  ///     the steps, `0` shows every step as it was. Fewer than ten steps are never smoothed.
  public init(
    curves: [TrainingCurve], quantity: Quantity, horizontalAxis: HorizontalAxis = .epoch,
    logarithmic: Bool = false, smoothing: Double? = nil, theme: Theme = .light
  ) {
    let isMeasured = curves.allSatisfy { EpochPlaces($0, on: horizontalAxis) != nil }
    let axis = isMeasured ? horizontalAxis : .epoch
    let longest = curves.map { $0.steps.reduce(0) { $0 + $1.count } }.max() ?? 0
    let wanted = smoothing ?? MovingAverage.automaticHalfLife(stepCount: longest)
    let halfLife = wanted > 0 ? wanted : nil
    self.quantity = quantity
    self.horizontalAxis = axis
    self.logarithmic = logarithmic && quantity != .accuracy
    self.theme = theme
    let runs = curves.map { PlottedRun($0, quantity, on: axis, halfLife: halfLife) }
    let unit = TimeUnit(fitting: runs.map(\.furthest).max() ?? 0)
    timeUnit = unit
    self.runs = axis == .time ? runs.map { $0.over(unit: unit.seconds) } : runs
    self.halfLife = runs.contains { !$0.single.isEmpty } ? halfLife : nil
  }

  public func draw(on canvas: any Canvas) { figure.draw(on: canvas) }

  /// The figure as a value.
  package var figure: AxesFigure {
    var axes = [Axes(horizontal: horizontal, vertical: vertical, marks: marks)]
    if quantity == .loss, runs.contains(where: \.learningRateVaries) {
      axes.append(learningRateStrip)
    }
    return AxesFigure(
      title: title, reading: reading, subtitle: subtitle, axes: axes, legend: legend,
      footer: footer, theme: theme)
  }

  // MARK: Axes

  /// The greatest place of anything drawn.
  var furthest: Double { runs.map(\.furthest).max() ?? 0 }

  private var horizontal: Axis {
    // An untrained network has nothing but its epoch 0; the axis still needs an extent.
    let end = furthest > 0 ? furthest : 1
    return switch horizontalAxis {
    case .epoch: Axis("epoch", 0...end)
    case .step: Axis("step", 0...end)
    case .time: Axis("time in \(timeUnit.name)", 0...end)
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
    runs.flatMap { run in
      let showsTraining = runs.count <= Self.runsWithTraining || run.validation.isEmpty
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
    return Axes(horizontal: horizontal, vertical: vertical, marks: learningRateMarks)
  }

  private var marks: [any Mark] {
    switch (quantity, runs.count) {
    case (.learningRate, _): learningRateMarks
    case (_, 1): marksOfOne(vertical)
    default: marksOfSeveral(vertical)
    }
  }
}

/// How much each layer of a run changed a step, and its gradients, over the run.
public struct LayersFigure: TitledFigure, NarrowFigure {
  /// One array of weights.
  public struct Line: Hashable, Sendable {
    /// What was measured in a step.
    public struct Sample: Hashable, Sendable {
      /// Passes over the training images so far, with a fraction.
      public var epoch: Double
      /// ‖change‖/‖weights‖ and ‖gradient‖.
      public var updateRatio: Double, gradientNorm: Double

      /// Creates a sample.
      public init(epoch: Double, updateRatio: Double, gradientNorm: Double) {
        self.epoch = epoch
        self.updateRatio = updateRatio
        self.gradientNorm = gradientNorm
      }
    }

    /// What the array is called.
    public var name: String
    /// In order.
    public var samples: [Sample]

    /// Creates a line.
    public init(_ name: String, _ samples: [Sample]) {
      self.name = name
      self.samples = samples
    }
  }

  /// From the first layer to the last.
  public var lines: [Line]
  /// Says what the lines mean.
  public var summary: String
  /// The relative changes that are usual, and who says so.
  public var usual: ClosedRange<Double>, source: String
  /// The colors.
  public var theme: Theme
  private let places: EpochPlaces?
  private let axis: HorizontalAxis

  /// Creates a figure.
  ///
  /// - Parameters:
  ///   - curve: The run, whose steps and epochs say where a sample lies on the axis.
  ///   - horizontalAxis: Falls back to epochs if the run has no steps or time.
  public init(
    lines: [Line], summary: String, usual: ClosedRange<Double>, source: String,
    curve: TrainingCurve, horizontalAxis: HorizontalAxis = .epoch, theme: Theme = .light
  ) {
    self.lines = lines
    self.summary = summary
    self.usual = usual
    self.source = source
    self.theme = theme
    places = EpochPlaces(curve, on: horizontalAxis)
    axis = places == nil ? .epoch : horizontalAxis
  }

  public let size = Size(800, 640)
  package var narrowSize: Size? { figure.narrowSize }
  public var captions: [String] { [summary] }
  public var title = "How much each layer changes"

  public func draw(on canvas: any Canvas) { figure.draw(on: canvas) }

  /// The figure as a value.
  package var figure: AxesFigure {
    AxesFigure(
      title: title, subtitle: summary,
      axes: [
        axes("change of a step / weights", \.updateRatio, hasBand: true),
        axes("norm of the gradient", \.gradientNorm),
      ], columns: 1, footer: "band: the usual, \(source)", theme: theme)
  }

  private var timeUnit: TimeUnit {
    TimeUnit(fitting: lines.compactMap(\.samples.last).map { place($0.epoch) }.max() ?? 0)
  }

  private func place(_ epoch: Double) -> Double { places?.place(of: epoch) ?? epoch }

  private func axes(
    _ name: String, _ quantity: KeyPath<Line.Sample, Double>, hasBand: Bool = false
  ) -> Axes {
    let unit = axis == .time ? timeUnit : TimeUnit(fitting: 0)
    let pens = theme.pens(count: lines.count).map { pen in
      Pen(pen.color, width: 1.8, dashes: pen.stroke.dashes)
    }
    let points = lines.map { line in
      line.samples.map { sample in
        let value = sample[keyPath: quantity]
        return DataPoint(place(sample.epoch) / unit.seconds, value > 0 ? value : .nan)
      }
    }
    let end = points.compactMap { $0.last?.x }.max() ?? 1
    let positive = points.flatMap { $0 }.map(\.y).filter { $0.isFinite }
    let low = min(positive.min() ?? 1e-4, hasBand ? usual.lowerBound : .infinity)
    let high = max(positive.max() ?? 1e-2, hasBand ? usual.upperBound : 0)
    let title =
      switch axis {
      case .epoch: "epoch"
      case .step: "step"
      case .time: "time in \(unit.name)"
      }
    let domain = 0...max(end, 1e-9)
    var marks: [any Mark] = hasBand ? [band(domain)] : []
    for ((line, points), pen) in zip(zip(lines, points), pens) {
      marks.append(LineMark(points, pen, label: line.name))
      // A line of one point is not seen.
      if points.count == 1 { marks.append(.points(points, Marker(.dot, radius: 3.5, pen.color))) }
    }
    return Axes(
      horizontal: Axis(title, domain),
      vertical: Axis(name, low / 1.3...high * 1.3, .logarithmic, tickLimit: 5), marks: marks)
  }

  private func band(_ domain: ClosedRange<Double>) -> BandMark {
    let ends = [domain.lowerBound, domain.upperBound]
    return BandMark(
      ends.map { DataPoint($0, usual.upperBound) }, ends.map { DataPoint($0, usual.lowerBound) },
      theme.palette.context.opacity(0.22))
  }
}

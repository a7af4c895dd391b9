/// The pictures of the optimization laboratory, from numbers.
public enum LaboratoryFigure {
  /// A line with a name.
  public struct Curve: Sendable {
    /// Stands at the line's end.
    public var name: String
    /// In ascending order of `x`.
    public var points: [DataPoint]

    /// Creates a line.
    public init(_ name: String, _ points: [DataPoint]) {
      self.name = name
      self.points = points
    }
  }

  /// More lines than this in one pair of axes are not told apart.
  public static let mostCurves = 10

  /// Losses beside their slopes, over the same horizontal axis.
  ///
  /// - Parameters:
  ///   - place: What runs along the bottom.
  ///   - values: The losses; `slopes` has the same names in the same order.
  public static func objectives(
    over place: String, values: [Curve], slopes: [Curve], subtitle: String, theme: Theme
  ) -> Figure {
    Figure(
      title: values.count == 1 ? "The objective and its slope" : "Objectives and their slopes",
      subtitle: subtitle,
      axes: [
        axes(place, "loss", values, isLabelled: false, theme, spread(values)),
        axes(place, "slope", slopes.map(broken), isLabelled: true, theme, spread(slopes)),
      ],
      columns: 2, footer: "", theme: theme)
  }

  /// Learning rates over the steps: lines in one pair of axes, or small axes for each.
  public static func schedules(
    _ curves: [Curve], together: Bool, footer: String, theme: Theme
  ) -> Figure {
    let highest = curves.flatMap(\.points).map(\.y).filter(\.isFinite).max() ?? 1
    let range = 0...max(highest * 1.05, .leastNormalMagnitude / 1e-9)
    let title = curves.count == 1 ? "The learning rate" : "Learning-rate schedules"
    guard !together else {
      return Figure(
        title: title, subtitle: "",
        axes: [axes("step", "learning rate", curves, isLabelled: true, theme, range)],
        footer: footer, theme: theme)
    }
    let pen = Pen(theme.palette.series[0])
    return Figure(
      title: title, subtitle: "learning rate over the steps of a run",
      axes: curves.map { curve in
        let steps = domain(of: [curve])
        return Axes(
          // Small axes have no room for three long numbers.
          horizontal: Axis("step", steps, tickLimit: steps.upperBound < 10_000 ? 3 : 2),
          vertical: Axis(curve.name, range, tickLimit: 3), marks: [.line(curve.points, pen)])
      },
      columns: min(4, curves.count), footer: footer, theme: theme)
  }

  /// Readings, the truth behind them, and lines through them.
  ///
  /// - Parameters:
  ///   - spoiled: Readings that a knock spoiled, shown as rings.
  public static func fits(
    readings: [DataPoint], spoiled: [DataPoint], truth: Curve, lines: [Curve], subtitle: String,
    footer: String, theme: Theme
  ) -> Figure {
    let palette = theme.palette
    let heights = (readings + spoiled + lines.flatMap(\.points)).map(\.y).filter(\.isFinite)
    let range = Ticks.niceDomain(around: min(0, heights.min() ?? 0)...max(1, heights.max() ?? 1))
    var marks: [Mark] = [
      .points(readings, Marker(.dot, radius: 3.5, palette.context)),
      .points(spoiled, Marker(.ring, radius: 5, palette.context)),
      .line(truth.points, Pen(palette.secondaryText, width: 2, dashes: [2, 5]), label: truth.name),
    ]
    for (line, pen) in zip(lines, theme.pens(mostCurves)) {
      marks.append(.line(line.points, pen, label: line.name))
    }
    return Figure(
      title: "One line, several objectives", subtitle: subtitle,
      axes: [
        Axes(
          horizontal: Axis("time in s", domain(of: [truth])),
          vertical: Axis("acceleration in m/s²", range), marks: marks)
      ], footer: footer, theme: theme)
  }

  // MARK: Parts

  private static func axes(
    _ place: String, _ quantity: String, _ curves: [Curve], isLabelled: Bool, _ theme: Theme,
    _ range: ClosedRange<Double>
  ) -> Axes {
    Axes(
      horizontal: Axis(place, domain(of: curves), tickLimit: 7), vertical: Axis(quantity, range),
      marks: zip(curves, theme.pens(mostCurves)).map { curve, pen in
        .line(curve.points, pen, label: isLabelled ? curve.name : nil)
      })
  }

  /// A line with a gap where it jumps.
  private static func broken(_ curve: Curve) -> Curve {
    let heights = curve.points.map(\.y).filter(\.isFinite)
    let jump = 0.1 * ((heights.max() ?? 0) - (heights.min() ?? 0))
    var points: [DataPoint] = []
    for point in curve.points {
      if let last = points.last, abs(point.y - last.y) > jump {
        points.append(DataPoint(point.x, .nan))
      }
      points.append(point)
    }
    return Curve(curve.name, points)
  }

  private static func domain(of curves: [Curve]) -> ClosedRange<Double> {
    let places = curves.flatMap(\.points).map(\.x)
    let low = places.min() ?? 0
    return low...max(low + 1e-9, places.max() ?? 1)
  }

  /// From the lowest to a height at which most curves are seen whole: one steep curve must not
  /// press the others flat.
  private static func spread(_ curves: [Curve]) -> ClosedRange<Double> {
    func typical(_ extremes: [Double]) -> Double {
      let sorted = extremes.sorted()
      guard let largest = sorted.last else { return 1 }
      let moderate = sorted.filter { $0 <= 1.6 * sorted[sorted.count / 2] }.last ?? largest
      return moderate == largest ? 1.05 * largest : 1.3 * moderate
    }
    let values = curves.map { $0.points.map(\.y).filter(\.isFinite) }
    let top = typical(values.map { max(0, $0.max() ?? 0) })
    let depth = typical(values.map { max(0, -($0.min() ?? 0)) })
    return Ticks.niceDomain(around: -depth...max(top, 1e-9 - depth))
  }
}

extension AxesFigure {
  /// Losses beside their slopes, over the same horizontal axis.
  ///
  /// - Parameters:
  ///   - place: The title of the horizontal axis.
  ///   - values: The losses; `slopes` has the same names in the same order.
  public static func objectives(
    over place: String, values: [NamedCurve], slopes: [NamedCurve], reading: String,
    subtitle: String,
    theme: Theme
  ) -> AxesFigure {
    AxesFigure(
      title: values.count == 1 ? "The objective and its slope" : "Objectives and their slopes",
      reading: reading, subtitle: subtitle,
      axes: [
        axes(over: place, "loss", spread(values), values, isLabeled: false, theme),
        axes(
          over: place, "slope", spread(slopes), slopes.map(broken), isLabeled: true, theme),
      ],
      columns: 2, footer: "", theme: theme)
  }

  /// A line with a gap where it jumps.
  private static func broken(_ curve: NamedCurve) -> NamedCurve {
    let heights = curve.points.map(\.y).filter(\.isFinite)
    let jump = 0.1 * ((heights.max() ?? 0) - (heights.min() ?? 0))
    var points: [DataPoint] = []
    for point in curve.points {
      if let last = points.last, abs(point.y - last.y) > jump {
        points.append(DataPoint(point.x, .nan))
      }
      points.append(point)
    }
    return NamedCurve(curve.name, points)
  }

  /// From the lowest value to one at which most curves are fully visible: one steep curve must not
  /// flatten the others.
  private static func spread(_ curves: [NamedCurve]) -> ClosedRange<Double> {
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

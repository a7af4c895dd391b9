/// A learning rate that a figure names.
public struct MarkedRate: Hashable, Sendable {
  /// The rate and the smoothed loss there.
  public var point: DataPoint
  /// Its name.
  public var label: String

  /// Creates a mark.
  public init(point: DataPoint, label: String) {
    self.point = point
    self.label = label
  }
}

extension AxesFigure {
  /// The losses of a learning rate range test.
  ///
  /// - Parameters:
  ///   - losses: Of each step, over its rate.
  ///   - smoothed: The same, smoothed.
  ///   - marked: Rates to name; the first one is emphasized.
  ///   - rates: The horizontal axis, > 0.
  ///   - reading: Says what there is to see; empty for nothing.
  public static func learningRates(
    losses: [DataPoint], smoothed: [DataPoint], marked: [MarkedRate], rates: ClosedRange<Double>,
    reading: String, subtitle: String, footer: String, theme: Theme
  ) -> AxesFigure {
    let color = theme.palette.series[0]
    var marks: [any Mark] = [
      .line(losses, Pen(color.opacity(0.35), width: 1)), .line(smoothed, Pen(color)),
    ]
    for (rank, rate) in marked.enumerated() {
      let marker =
        rank == 0
        ? Marker(.ring, radius: 8, theme.palette.text)
        : Marker(.dot, radius: 4.5, theme.palette.series[1])
      marks.append(.annotation(rate.point, marker, label: rate.label))
    }
    return AxesFigure(
      title: "Learning rate range test", reading: reading, subtitle: subtitle,
      axes: [
        Axes(
          horizontal: Axis("learning rate", rates, .logarithmic, tickLimit: 10),
          vertical: Axis("loss", range(of: smoothed, and: losses)), marks: marks)
      ], footer: footer, theme: theme)
  }

  /// Shows the smoothed curve up to twice its start: how far it explodes does not matter.
  private static func range(
    of smoothed: [DataPoint], and losses: [DataPoint]
  ) -> ClosedRange<Double> {
    let (curve, all) = (smoothed.map(\.y).filter(\.isFinite), losses.map(\.y).filter(\.isFinite))
    let start = curve.first ?? 1
    let low = min(0, all.min() ?? 0)
    let high = min(curve.max() ?? 1, start + abs(start))
    return Ticks.niceDomain(around: low...max(high, low + 1e-9))
  }
}

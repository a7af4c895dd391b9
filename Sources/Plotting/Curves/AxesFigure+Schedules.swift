internal import Support

extension AxesFigure {
  /// Learning rates over the steps: lines in one pair of axes, or small axes for each line.
  public static func schedules(
    _ curves: [NamedCurve], together: Bool, footer: String, theme: Theme
  ) -> AxesFigure {
    let highest = curves.flatMap(\.points).map(\.y).filter(\.isFinite).max() ?? 1
    let range = 0...max(highest * 1.05, .leastNormalMagnitude / 1e-9)
    let title = curves.count == 1 ? "The learning rate" : "Learning-rate schedules"
    let reading = reading(of: curves, highest)
    guard !together else {
      return AxesFigure(
        title: title, reading: reading, subtitle: "",
        axes: [axes(over: "step", "learning rate", range, curves, isLabeled: true, theme)],
        footer: footer, theme: theme)
    }
    let pen = Pen(theme.palette.series[0])
    return AxesFigure(
      title: title, reading: reading, subtitle: "learning rate over the steps of a run",
      axes: curves.map { curve in
        let steps = domain(of: [curve])
        return Axes(
          // Small axes have no room for three long numbers.
          horizontal: Axis("step", steps, tickLimit: steps.upperBound < 10_000 ? 3 : 2),
          vertical: Axis(curve.name, range, tickLimit: 3), marks: [.line(curve.points, pen)])
      },
      columns: min(4, curves.count), footer: footer, theme: theme)
  }

  /// The mean rates as parts of the highest of all.
  private static func reading(of curves: [NamedCurve], _ highest: Double) -> String {
    let means = curves.map { curve in
      let rates = curve.points.map(\.y).filter(\.isFinite)
      return (name: curve.name, mean: rates.reduce(0, +) / Double(max(1, rates.count)) / highest)
    }.sorted { $0.mean > $1.mean }
    guard let most = means.first, let least = means.last, most.mean.isFinite else { return "" }
    let mean = most.mean.percentage(decimals: 0)
    let start = "On average, warm-up included, the rate is \(mean) of the highest"
    return means.count == 1
      ? "\(start)."
      : "\(start) with \(most.name), \(least.mean.percentage(decimals: 0)) with \(least.name)."
  }
}

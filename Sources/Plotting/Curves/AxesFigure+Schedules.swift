extension AxesFigure {
  /// Learning rates over the steps: lines in one pair of axes, or small axes for each line.
  public static func schedules(
    _ curves: [NamedCurve], together: Bool, footer: String, theme: Theme
  ) -> AxesFigure {
    let highest = curves.flatMap(\.points).map(\.y).filter(\.isFinite).max() ?? 1
    let range = 0...max(highest * 1.05, .leastNormalMagnitude / 1e-9)
    let title = curves.count == 1 ? "The learning rate" : "Learning-rate schedules"
    guard !together else {
      return AxesFigure(
        title: title, subtitle: "",
        axes: [axes(over: "step", "learning rate", range, curves, isLabeled: true, theme)],
        footer: footer, theme: theme)
    }
    let pen = Pen(theme.palette.series[0])
    return AxesFigure(
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
}

extension AxesFigure {
  /// Readings of a sensor, the true line, and lines fitted to the readings.
  ///
  /// - Parameters:
  ///   - outliers: Readings disturbed by a knock, shown as rings.
  ///   - trueLine: The line without noise.
  public static func lineFits(
    readings: [DataPoint], outliers: [DataPoint], trueLine: NamedCurve, lines: [NamedCurve],
    reading: String, subtitle: String, footer: String, theme: Theme
  ) -> AxesFigure {
    let palette = theme.palette
    let heights = (readings + outliers + lines.flatMap(\.points)).map(\.y).filter(\.isFinite)
    let range = Ticks.niceDomain(around: min(0, heights.min() ?? 0)...max(1, heights.max() ?? 1))
    var marks: [any Mark] = [
      .points(readings, Marker(.dot, radius: 3.5, palette.context)),
      .points(outliers, Marker(.ring, radius: 5, palette.context)),
      .line(
        trueLine.points, Pen(palette.secondaryText, width: 2, dashes: [2, 5]),
        label: trueLine.name),
    ]
    for (line, pen) in zip(lines, theme.pens(count: lines.count)) {
      marks.append(.line(line.points, pen, label: line.name))
    }
    return AxesFigure(
      title: "One line, several objectives", reading: reading, subtitle: subtitle,
      axes: [
        Axes(
          horizontal: Axis("time in s", domain(of: [trueLine])),
          vertical: Axis("acceleration in m/s²", range), marks: marks)
      ], footer: footer, theme: theme)
  }
}

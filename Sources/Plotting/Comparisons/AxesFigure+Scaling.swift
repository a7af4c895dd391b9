internal import Support

extension AxesFigure {
  /// How efficient several processes are together, with what a model predicts, and below it how
  /// much of their time is communication.
  ///
  /// - Parameters:
  ///   - measured: Processes and efficiency: 1 where twice as many take half the time.
  ///   - predicted: The same, as a model says.
  ///   - communication: Processes and the fraction of time, 0…1.
  /// - Precondition: All begin with one process.
  public static func scaling(
    measured: [DataPoint], predicted: [DataPoint], communication: [DataPoint], subtitle: String,
    theme: Theme
  ) -> AxesFigure {
    let palette = theme.palette
    let most = measured.last?.x ?? 1
    let processes = Axis("processes", 0.9...max(2, most) * 1.1, .logarithmic)
    let highest = max(1, (measured + predicted).map(\.y).max() ?? 1)
    return AxesFigure(
      title: "What more processes bring",
      reading: "\(most.decimal(0)) processes are "
        + "\((most * (measured.last?.y ?? 1)).decimal(2)) times as fast as one.",
      subtitle: subtitle,
      axes: [
        Axes(
          horizontal: processes,
          vertical: Axis("efficiency", 0...highest * 1.08, format: .percent),
          marks: [
            .line(predicted, Pen(palette.series[1], width: 2, dashes: [4, 5])),
            .line(measured, Pen(palette.series[0])),
            .points(measured, Marker(.dot, radius: 5, palette.series[0])),
          ]),
        Axes(
          horizontal: processes, vertical: Axis("communication", 0...1, format: .percent),
          marks: [
            .line(communication, Pen(palette.series[2])),
            .points(communication, Marker(.dot, radius: 4, palette.series[2])),
          ]),
      ],
      legend: [
        LegendEntry("measured", Pen(palette.series[0])),
        LegendEntry("predicted", Pen(palette.series[1], width: 2, dashes: [4, 5])),
      ],
      footer: "efficiency: the time of one process over the time of all and their number",
      theme: theme)
  }
}

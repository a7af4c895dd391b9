/// Loss and accuracy of a network along a line of its parameters.
public struct PlottedLossCut: Hashable, Sendable {
  /// Over the place on the line, in order; NaN where the network overflows.
  public var losses: [DataPoint], accuracies: [DataPoint]
  /// What guessing reaches.
  public var guessingLoss: Double, guessingAccuracy: Double
  /// What the line is.
  public var horizontal: String

  /// Creates a cut.
  public init(
    losses: [DataPoint], accuracies: [DataPoint], guessingLoss: Double,
    guessingAccuracy: Double, horizontal: String
  ) {
    self.losses = losses
    self.accuracies = accuracies
    self.guessingLoss = guessingLoss
    self.guessingAccuracy = guessingAccuracy
    self.horizontal = horizontal
  }
}

extension AxesFigure {
  /// A cut through a loss surface: the loss, and below it the accuracy.
  ///
  /// - Parameter paths: Of networks; the x of their points is the nearest place on the line, and
  ///   their values are their own losses, which differ from the line's where they are off it.
  public static func lossCut(
    _ cut: PlottedLossCut, paths: [RacePath], title: String, subtitle: String, footer: String,
    theme: Theme
  ) -> AxesFigure {
    let pens = theme.pens(for: paths.map(\.group))
    let color = theme.palette.secondaryText
    let values = cut.losses.map(\.y) + paths.flatMap(\.values)
    let positive = values.filter { $0.isFinite && $0 > 0 }
    let spread = (positive.max() ?? 1) / (positive.min() ?? 1)
    let range = VerticalRange(
      values: values, single: [], guessing: cut.guessingLoss, logarithmic: spread > 50)
    var marks: [any Mark] = [
      .reference(cut.guessingLoss, label: "guessing"), .line(cut.losses, Pen(color)),
    ]
    let places = paths.map { path in
      zip(path.points, path.values).map { DataPoint($0.x, $1) }
    }
    marks += zip(places, pens).map { TrailMark(points: $0, pen: $1, boldCount: 0, hasDots: true) }
    marks.append(MarblesMark(at: places.compactMap(\.last), pens.map(\.color)))
    let accuracy = VerticalRange(
      accuracies: cut.accuracies.map(\.y), guessing: cut.guessingAccuracy)
    let xs = cut.losses.map(\.x)
    let horizontal = Axis(cut.horizontal, (xs.first ?? 0)...(xs.last ?? 1))
    return AxesFigure(
      title: title, subtitle: subtitle,
      axes: [
        Axes(
          horizontal: horizontal, vertical: Axis("loss", range.domain, range.kind), marks: marks),
        Axes(
          horizontal: horizontal,
          vertical: Axis(
            "accuracy", accuracy.domain, accuracy.kind, format: .percent, tickLimit: 4),
          marks: [
            .reference(cut.guessingAccuracy, label: "guessing"), .line(cut.accuracies, Pen(color)),
          ]),
      ], columns: 1,
      // Between two networks, the axis says which is where.
      legend: paths.contains { $0.points.count > 1 } && paths.count > 1
        ? zip(paths, pens).enumerated().map { LegendEntry("\($0 + 1) \($1.0.label)", $1.1) } : [],
      footer: footer, theme: theme)
  }
}

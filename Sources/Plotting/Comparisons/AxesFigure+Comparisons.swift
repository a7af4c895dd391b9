/// What guessing reaches.
public struct GuessingLevel: Hashable, Sendable {
  /// Loss, and accuracy, 0…1.
  public var loss: Double, accuracy: Double

  /// Creates a level.
  public init(loss: Double, accuracy: Double) {
    self.loss = loss
    self.accuracy = accuracy
  }
}

extension AxesFigure {
  /// Validation loss and accuracy of several kinds of training, side by side.
  ///
  /// Curves are numbered in their order. Lines are means; a band reaches from the lowest to the
  /// highest; where it leaves the axes, a triangle marks the edge. No two lines have the same
  /// dashes.
  ///
  /// - Parameter place: What the curves are over.
  public static func comparedCurves(
    _ curves: [ComparedCurve], over place: String, guessing: GuessingLevel, title: String,
    reading: String, subtitle: String, footer: String, theme: Theme
  ) -> AxesFigure {
    var figure = emptyComparison(
      curves, over: place, guessing: guessing, title: title, reading: reading, subtitle: subtitle,
      footer: footer, theme: theme)
    let pens = theme.dashedPens(for: curves.map(\.group))
    for (index, bands) in [curves.map(\.loss), curves.map(\.accuracy)].enumerated() {
      figure.axes[index].marks += comparisonMarks(
        bands, pens, names: curves.map(\.name), upTo: figure.axes[index].vertical.domain.upperBound)
    }
    return figure
  }

  /// How far a loss exploded beyond this many times that of guessing does not matter.
  private static let explosion = 20.0

  /// The axes and the legend of `comparedCurves` without the curves.
  static func emptyComparison(
    _ curves: [ComparedCurve], over place: String, guessing: GuessingLevel, title: String,
    reading: String, subtitle: String, footer: String, theme: Theme
  ) -> AxesFigure {
    let places = curves.flatMap(\.loss.mean).map(\.x).filter(\.isFinite)
    let start = places.min() ?? 0
    let horizontal = Axis(place, start...max(start + 1e-9, places.max() ?? 1), tickLimit: 5)
    let means = curves.flatMap(\.loss.mean).map(\.y)
    let positive = means.filter { $0.isFinite && $0 > 0 }
    let isWide = (positive.max() ?? 1) / (positive.min() ?? 1) > 4
    let values = means + curves.flatMap { $0.loss.upper + $0.loss.lower }.map(\.y)
    let losses = VerticalRange(
      values: values.filter { $0 <= explosion * guessing.loss }, single: [],
      guessing: guessing.loss, logarithmic: isWide)
    let accuracies = VerticalRange(
      accuracies: curves.flatMap { $0.accuracy.mean + $0.accuracy.lower }.map(\.y),
      guessing: guessing.accuracy)
    let isBeyond = curves.contains { !$0.loss.ends(beyond: losses.domain.upperBound).isEmpty }
    return AxesFigure(
      title: title, reading: reading,
      subtitle: subtitle + (isBeyond ? " · ▲ goes on above" : ""),
      axes: [
        Axes(
          horizontal: horizontal,
          vertical: Axis("validation loss", losses.domain, losses.kind),
          marks: [.reference(guessing.loss, label: "guessing")]),
        Axes(
          horizontal: horizontal,
          vertical: Axis("validation accuracy", accuracies.domain, format: .percent),
          marks: [.reference(guessing.accuracy, label: "guessing")]),
      ], columns: 2,
      legend: zip(curves, theme.dashedPens(for: curves.map(\.group))).enumerated().map {
        LegendEntry("\($0 + 1) \($1.0.name)", $1.1)
      }, footer: footer, theme: theme)
  }

  /// Bands below all lines, and marks where they leave the axes.
  ///
  /// - Parameter top: The upper end of the vertical axis.
  static func comparisonMarks(
    _ bands: [ComparedCurve.Band], _ pens: [Pen], names: [String], upTo top: Double
  ) -> [any Mark] {
    let areas = zip(bands, pens).filter { $0.0.upper.count > 1 }.map { band, pen in
      BandMark(
        band.upper.filter { !$0.isGap }, band.lower.filter { !$0.isGap }, pen.color.opacity(0.13))
    }
    let ends = zip(bands, pens).flatMap { band, pen in
      band.ends(beyond: top).map {
        AnnotationMark(DataPoint($0, top), Marker(.triangle, radius: 5, pen.color))
      }
    }
    let lines = zip(zip(bands, pens), names).map { LineMark($0.0.mean, $0.1, name: $1) }
    return areas + lines + ends
  }

  /// The loss at the end over the learning rate, for each kind of training.
  ///
  /// A ring is the rate that was chosen. Losses far above that of guessing are a triangle at the
  /// upper edge, trainings that diverged a cross.
  public static func rateSensitivity(
    _ curves: [RateCurve], guessing: GuessingLevel, title: String, reading: String,
    subtitle: String, footer: String, theme: Theme
  ) -> AxesFigure {
    let pens = theme.dashedPens(for: curves.map(\.group))
    let points = curves.flatMap(\.points)
    let rates = points.map(\.x).filter { $0.isFinite && $0 > 0 }
    let losses = points.map(\.y).filter(\.isFinite)
    let low = losses.min() ?? 0
    let limit = max(1.4 * guessing.loss, curves.compactMap(\.chosen?.y).max() ?? 0)
    let domain = Ticks.niceDomain(
      around: low...max(low + 1e-9, min(limit, losses.max() ?? 1), guessing.loss))
    var marks: [any Mark] = [.reference(guessing.loss, label: "guessing")]
    marks += zip(curves, pens).map {
      LineMark($0.points.filter { !$0.isGap }, $1, name: $0.name)
    }
    marks += zip(curves, pens).map {
      PointsMark($0.points.filter { !$0.isGap }, Marker(.dot, radius: 3.5, $1.color))
    }
    for (curve, pen) in zip(curves, pens) {
      for point in curve.points where point.isGap || point.y > domain.upperBound {
        marks.append(
          .annotation(
            DataPoint(point.x, domain.upperBound),
            Marker(point.isGap ? .cross : .triangle, radius: 5, pen.color)))
      }
      if let chosen = curve.chosen, !chosen.isGap {
        marks.append(.annotation(chosen, Marker(.ring, radius: 8, pen.color)))
      }
    }
    let lowest = rates.min() ?? 0.001
    return AxesFigure(
      title: title, reading: reading, subtitle: subtitle,
      axes: [
        Axes(
          horizontal: Axis(
            "highest learning rate", (lowest / 1.3)...max(lowest * 1.3, 1.3 * (rates.max() ?? 1)),
            .logarithmic, tickLimit: 9),
          vertical: Axis("validation loss at the end", domain), marks: marks)
      ], columns: 1, legend: zip(curves, pens).map { LegendEntry($0.name, $1) }, footer: footer,
      theme: theme)
  }
}

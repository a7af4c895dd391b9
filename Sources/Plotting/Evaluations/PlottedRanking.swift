internal import Support

/// Curves over every threshold on a probability, one for each class and one for their mean.
public struct PlottedRanking: Hashable, Sendable {
  /// The curve of a class.
  public struct Curve: Hashable, Sendable {
    /// The class, or what is shown of it.
    public var name: String
    /// The place of the class among all, from 0, which gives the curve its color.
    public var place: Int
    /// The area below the curve, 0…1.
    public var area: Double
    /// From left to right.
    public var points: [DataPoint]

    /// Creates a curve.
    public init(_ name: String, place: Int, area: Double, _ points: [DataPoint]) {
      (self.name, self.place, self.area, self.points) = (name, place, area, points)
    }
  }

  /// Where resampled curves lie.
  public struct Band: Hashable, Sendable {
    /// The curve in the middle, and the ends of the interval.
    public var middle: [DataPoint], upper: [DataPoint], lower: [DataPoint]

    /// Creates a band.
    public init(middle: [DataPoint], upper: [DataPoint], lower: [DataPoint]) {
      (self.middle, self.upper, self.lower) = (middle, upper, lower)
    }
  }

  /// One for each class that has one.
  public var curves: [Curve]
  /// One for each curve of at most two, otherwise one for the mean.
  public var bands: [Band]
  /// The mean area, 0…1, and its 95% interval.
  public var area: Double, interval: ClosedRange<Double>

  /// Creates a ranking.
  public init(curves: [Curve], bands: [Band], area: Double, interval: ClosedRange<Double>) {
    (self.curves, self.bands, self.area, self.interval) = (curves, bands, area, interval)
  }

  /// Classes beyond this number are drawn as a crowd.
  private static let mostColors = 5

  /// Whether the bands are of the mean.
  var hasMean: Bool { curves.count > 2 }

  /// The curves to name: those of least area.
  private var named: [Curve] {
    Array(curves.sorted { $0.area < $1.area }.prefix(hasMean ? Self.mostColors : 2))
  }

  /// The class that the last band is of, in words.
  var whose: String { hasMean ? "a class" : curves.last?.name ?? "a class" }

  /// The area and its interval in words.
  var words: String {
    "\(NumberFormat.plain.text(area)) (95%: "
      + "\(NumberFormat.plain.text(interval.lowerBound)) to "
      + "\(NumberFormat.plain.text(interval.upperBound)))"
  }

  /// The class of least area, in words.
  var worst: String {
    guard hasMean, let worst = named.first else { return "" }
    return "; least: \(worst.name) \(NumberFormat.plain.text(worst.area))"
  }

  /// Crowd, bands, named curves and the mean, in drawing order.
  func marks(_ theme: Theme) -> [any Mark] {
    let names = hasMean ? named : curves
    let pens = pens(theme)
    let crowd = hasMean ? curves.filter { !names.contains($0) } : []
    var marks: [any Mark] = crowd.map { curve in
      .line(curve.points, Pen(theme.palette.context, width: 1))
    }
    if let first = marks.first as? LineMark {
      marks[0] = LineMark(
        first.points, first.pen, label: crowd.count == 1 ? crowd[0].label : "\(crowd.count) others")
    }
    for (band, pen) in zip(bands, hasMean ? [pens.mean] : pens.curves) {
      marks.append(.band(band.upper, band.lower, pen.color.opacity(0.15)))
    }
    marks += zip(names, pens.curves).reversed().map { curve, pen in
      .line(curve.points, pen, label: curve.label)
    }
    // The mean lies on top.
    if hasMean, let band = bands.first {
      marks.append(
        .line(
          band.middle, Pen(pens.mean.color, width: 4),
          label: "mean \(NumberFormat.plain.text(area))"))
    }
    return marks
  }

  /// The pens of the mean and of the named curves.
  ///
  /// Where there are colors for all classes, each class has its own, whatever else is drawn;
  /// otherwise the named ones have them in their order.
  private func pens(_ theme: Theme) -> (mean: Pen, curves: [Pen]) {
    let names = hasMean ? named : curves
    let classes = (names.map(\.place).max() ?? 0) + 1
    let places = classes > Self.mostColors ? Array(names.indices) : names.map(\.place)
    let pens = theme.pens(count: (places.max() ?? 0) + 1 + (hasMean ? 1 : 0))
    return (pens[0], places.map { pens[$0 + (hasMean ? 1 : 0)] })
  }
}

extension PlottedRanking.Curve {
  fileprivate var label: String { "\(name.keptLeft) \(NumberFormat.plain.text(area))" }
}

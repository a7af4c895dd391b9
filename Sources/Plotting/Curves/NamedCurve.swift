/// A line with a name.
public struct NamedCurve: Hashable, Sendable {
  /// Written at the line's end.
  public var name: String
  /// In ascending order of `x`.
  public var points: [DataPoint]

  /// Creates a line.
  public init(_ name: String, _ points: [DataPoint]) {
    self.name = name
    self.points = points
  }
}

extension AxesFigure {
  /// More curves than this in one pair of axes cannot be told apart.
  public static let mostCurves = 10

  /// One pair of axes with a line for each curve.
  static func axes(
    over place: String, _ quantity: String, _ range: ClosedRange<Double>, _ curves: [NamedCurve],
    isLabeled: Bool, _ theme: Theme
  ) -> Axes {
    Axes(
      horizontal: Axis(place, domain(of: curves), tickLimit: 7), vertical: Axis(quantity, range),
      marks: zip(curves, theme.pens(count: curves.count)).map { curve, pen in
        .line(curve.points, pen, label: isLabeled ? curve.name : nil)
      })
  }

  /// From the first to the last place of any curve.
  static func domain(of curves: [NamedCurve]) -> ClosedRange<Double> {
    let places = curves.flatMap(\.points).map(\.x)
    let low = places.min() ?? 0
    return low...max(low + 1e-9, places.max() ?? 1)
  }
}

/// The trajectory of one marble, as values.
public struct RacePath: Hashable, Sendable {
  /// Name, and what else distinguishes it from the others, such as its learning rate.
  public var label: String, detail: String
  /// How it ended, in a few words.
  public var outcome: String
  /// The number of the group it belongs to, which decides its color; nil for the next free one.
  public var group: Int?
  /// Where it was, from the start: x and y on a map, or x and height on a curve.
  public var points: [DataPoint]
  /// Its height above the lowest place after each step, or its height if that is unknown.
  public var values: [Double]
  /// The slope at each point of a curve; empty on a map.
  public var slopes: [Double]
  /// The step of each point, ascending; nil if there is a point after every step.
  public var steps: [Int]?

  /// Creates a path.
  ///
  /// - Precondition: There is a start, and a value for each point.
  public init(
    label: String, detail: String, outcome: String, group: Int? = nil, points: [DataPoint],
    values: [Double], slopes: [Double] = [], steps: [Int]? = nil
  ) {
    precondition(
      !points.isEmpty && points.count == values.count,
      "\(points.count) points with \(values.count) values")
    precondition(
      steps.map { $0.count == points.count } ?? true, "steps of other points")
    self.label = label
    self.detail = detail
    self.outcome = outcome
    self.group = group
    self.points = points
    self.values = values
    self.slopes = slopes
    self.steps = steps
  }

  /// Where it was after a step, or where it was last.
  func point(at step: Int) -> DataPoint { points[min(step, points.count - 1)] }
}

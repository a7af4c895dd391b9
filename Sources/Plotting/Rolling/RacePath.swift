/// How a marble is told from others, in every picture alike.
public struct MarbleStyle: Hashable, Sendable {
  /// The family an optimizer belongs to; each has a colour in every theme.
  public enum Family: Int, Hashable, Sendable, CaseIterable {
    case other, adam, rmsprop, descent, momentum, adagrad
  }

  /// Decides the colour.
  public var family: Family
  /// Which member of the family; decides the dashes.
  public var member: Int

  /// Creates a style.
  ///
  /// - Precondition: `member` is not negative.
  public init(_ family: Family, member: Int = 0) {
    precondition(member >= 0, "member \(member) of a family")
    self.family = family
    self.member = member
  }

  /// Dashes and gaps, canvas units.
  private static let dashes: [[Double]] = [
    [], [8, 4], [2, 3.5], [12, 4, 2, 4], [16, 5], [5, 3, 5, 8], [8, 3, 2, 3, 2, 3],
  ]

  /// The pen of its lines.
  public func pen(_ theme: Theme, width: Double = 2.5) -> Pen {
    // In grey the dashes must tell families apart, too.
    let member = theme == .print ? member + family.rawValue : member
    return Pen(
      theme.palette.marble(family), width: width, dashes: Self.dashes[member % Self.dashes.count])
  }
}

extension Palette {
  /// The colour of a family of optimizers.
  func marble(_ family: MarbleStyle.Family) -> Color { series[marbleOrder[family.rawValue]] }
}

/// The way of one marble, in numbers.
public struct RacePath: Hashable, Sendable {
  /// Name, and what else tells it from the others, such as its learning rate.
  public var label: String, detail: String
  /// What became of it, in a few words.
  public var outcome: String
  /// How it is drawn.
  public var style: MarbleStyle
  /// Where it was, from the start on: x and y on a map, or x and height on a curve.
  public var points: [DataPoint]
  /// Its height above the lowest place after each step, or its height where that is not known.
  public var values: [Double]
  /// The slope at each point of a curve; empty on a map.
  public var slopes: [Double]

  /// Creates a path.
  ///
  /// - Precondition: There is a start, and a value for each point.
  public init(
    label: String, detail: String, outcome: String, style: MarbleStyle, points: [DataPoint],
    values: [Double], slopes: [Double] = []
  ) {
    precondition(
      !points.isEmpty && points.count == values.count,
      "\(points.count) points with \(values.count) values")
    self.label = label
    self.detail = detail
    self.outcome = outcome
    self.style = style
    self.points = points
    self.values = values
    self.slopes = slopes
  }

  /// Where it was after a step, or where it was last.
  func point(at step: Int) -> DataPoint { points[min(step, points.count - 1)] }
}

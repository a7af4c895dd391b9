/// Losses over a square grid of a plane, measured from coarse to fine.
public struct LossGrid: Equatable, Sendable {
  /// What the grid covers, ends included.
  public let x: ClosedRange<Double>, y: ClosedRange<Double>
  /// Points along each direction, at least 2.
  public let count: Int
  /// Row by row from the lowest y; nil where nothing is measured yet.
  public private(set) var losses: [Double?]

  /// One point: its column and its row.
  public struct Point: Hashable, Sendable {
    /// From the lowest x and the lowest y.
    public let column: Int, row: Int

    /// Creates a point.
    public init(column: Int, row: Int) {
      self.column = column
      self.row = row
    }
  }

  /// Creates a grid on which nothing is measured.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, count: Int) {
    precondition(count >= 2, "a grid of \(count)×\(count)")
    (self.x, self.y, self.count) = (x, y, count)
    losses = Array(repeating: nil, count: count * count)
  }

  /// The place of a point.
  public func place(of point: Point) -> (x: Double, y: Double) {
    (Self.place(point.column, count, x), Self.place(point.row, count, y))
  }

  private static func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
    // Exactly 0 in the middle of a range around it.
    let (low, high) = (range.lowerBound, range.upperBound)
    let last = Double(count - 1)
    return (low * (last - Double(index)) + high * Double(index)) / last
  }

  /// The loss at a point; nil if it is not measured.
  public subscript(point: Point) -> Double? {
    get { losses[point.row * count + point.column] }
    set { losses[point.row * count + point.column] = newValue }
  }

  /// The distances of the lines of each round, each half of the one before; the first round is a
  /// coarse picture.
  private var distances: [Int] {
    var distances = [1]
    while distances[0] * 8 < count { distances.insert(distances[0] * 2, at: 0) }
    return distances
  }

  /// Columns or rows at a distance, and the last.
  private func lines(every distance: Int) -> [Int] {
    (0..<count).filter { $0 % distance == 0 || $0 == count - 1 }
  }

  private func lattice(every distance: Int) -> [Point] {
    let lines = lines(every: distance)
    return lines.flatMap { row in lines.map { Point(column: $0, row: row) } }
  }

  /// Rounds of points, each of which halves the distance of those before: a picture after the
  /// first.
  public var rounds: [[Point]] {
    var seen: Set<Point> = []
    return distances.map { lattice(every: $0).filter { seen.insert($0).inserted } }
  }

  /// Points that are not measured.
  public var missing: Int { losses.count { $0 == nil } }

  /// The losses, and where none is measured that of the nearest point of the last round that is
  /// whole, for a picture; NaN before the first.
  public var filled: [Double] {
    let distance = distances.last { lattice(every: $0).allSatisfy { self[$0] != nil } }
    let nearest = distance.map { distance in
      let lines = lines(every: distance)
      return (0..<count).map { place in
        lines.min { abs($0 - place) < abs($1 - place) } ?? 0
      }
    }
    return losses.indices.map { index in
      if let loss = losses[index] { return loss }
      guard let nearest else { return .nan }
      return self[Point(column: nearest[index % count], row: nearest[index / count])] ?? .nan
    }
  }
}

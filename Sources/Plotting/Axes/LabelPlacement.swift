/// Finds room for labels, so that no two overlap and few cover data.
struct LabelPlacement {
  /// Labels stay inside.
  let bounds: Rectangle
  /// The places of labels so far.
  private var taken: [Rectangle] = []
  /// Points that labels should not cover, with the cost of covering them.
  private var obstacles: [(point: Point, weight: Double)] = []

  init(bounds: Rectangle) { self.bounds = bounds }

  /// Makes a point expensive to cover.
  mutating func avoid(_ point: Point, weight: Double = 1) {
    obstacles.append((point, weight))
  }

  /// Makes a line expensive to cover, in proportion to the length covered.
  mutating func avoid(_ path: Path, weight: Double = 1) {
    let spacing = 4.0
    var last: Point?
    for element in path.elements {
      switch element {
      case .move(let point):
        avoid(point, weight: weight)
        last = point
      case .line(let point):
        let start = last ?? point
        let length = max(abs(point.x - start.x), abs(point.y - start.y))
        // Dense lines have many points within one spacing; one of them is enough.
        guard length >= spacing, length.isFinite else { continue }
        for step in 1...Int(min(length / spacing, 10_000)) {
          let t = Double(step) * spacing / length
          avoid(
            Point(start.x + t * (point.x - start.x), start.y + t * (point.y - start.y)),
            weight: weight)
        }
        last = point
      case .curve, .close: continue
      }
    }
  }

  /// Takes the candidate that covers least, earlier ones first; `nil` if each one overlaps a label.
  ///
  /// - Parameter isClear: Whether only what covers no data is taken.
  mutating func place(_ candidates: [Rectangle], isClear: Bool = false) -> Rectangle? {
    var best: (box: Rectangle, cost: Double)?
    for (rank, box) in candidates.enumerated() where isFree(box) {
      let covered = weight(under: box)
      guard covered == 0 || !isClear else { continue }
      let cost = covered + 0.15 * Double(rank)
      if cost < best?.cost ?? .infinity { best = (box, cost) }
    }
    if let box = best?.box { taken.append(box) }
    return best?.box
  }

  /// The cost of what a box and its surroundings cover.
  private func weight(under box: Rectangle) -> Double {
    let surroundings = box.inset(by: -3)
    return obstacles.reduce(0) { $0 + (surroundings.contains($1.point) ? $1.weight : 0) }
  }

  private func isFree(_ box: Rectangle) -> Bool {
    box.x >= bounds.x && box.right <= bounds.right && box.y >= bounds.y
      && box.bottom <= bounds.bottom && !taken.contains { $0.overlaps(box) }
  }

  /// Places for a box beside a point, near ones first.
  static func around(_ point: Point, width: Double, height: Double) -> [Rectangle] {
    var boxes: [Rectangle] = []
    for distance in [10.0, 18, 30, 46, 70, 100, 140] {
      for (right, down) in [
        (0.0, -1.0), (0, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (1, 1), (-1, 1),
      ] {
        boxes.append(
          Rectangle(
            x: point.x + right * distance - width * (1 - right) / 2,
            y: point.y + down * distance - height * (1 - down) / 2, width: width, height: height))
      }
    }
    return boxes
  }

  /// Places for a box above and below a horizontal line, from right to left.
  ///
  /// - Parameter distance: From the line to the box; more than 3, or the box covers the line.
  static func along(
    _ y: Double, _ bounds: Rectangle, width: Double, height: Double, distance: Double = 4
  ) -> [Rectangle] {
    stride(from: bounds.right - width, through: bounds.x, by: -12).flatMap { x in
      [y - height - distance, y + distance].map {
        Rectangle(x: x, y: $0, width: width, height: height)
      }
    }
  }

  /// The greatest length at which all fit into a room, if longer ones are cut to it.
  static func share(_ room: Double, among lengths: [Double]) -> Double {
    var (room, count) = (room, lengths.count)
    for length in lengths.sorted() {
      // What a short one leaves is for the longer ones.
      if length > room / Double(count) { return room / Double(count) }
      room -= length
      count -= 1
    }
    return lengths.max() ?? 0
  }

  /// Moves positions apart as little as possible, keeping their order.
  ///
  /// Minimizes the sum of squared moves: with the spacing taken off, positions must not decrease,
  /// which is isotonic regression, solved by pooling adjacent violators.
  /// - Parameter positions: Ascending.
  /// - Precondition: `range` has room for all.
  static func spread(
    _ positions: [Double], spacing: Double, within range: ClosedRange<Double>
  ) -> [Double] {
    let room = range.upperBound - range.lowerBound - spacing * Double(max(0, positions.count - 1))
    precondition(room >= 0, "\(positions.count) labels do not fit into \(range)")
    var pools: [(sum: Double, count: Int)] = []
    for (index, position) in positions.enumerated() {
      var pool = (sum: position - spacing * Double(index), count: 1)
      while let last = pools.last, last.sum / Double(last.count) > pool.sum / Double(pool.count) {
        pool = (pool.sum + last.sum, pool.count + last.count)
        pools.removeLast()
      }
      pools.append(pool)
    }
    return pools.flatMap { Array(repeating: $0.sum / Double($0.count), count: $0.count) }
      .enumerated().map { index, position in
        min(max(position, range.lowerBound), range.lowerBound + room) + spacing * Double(index)
      }
  }
}

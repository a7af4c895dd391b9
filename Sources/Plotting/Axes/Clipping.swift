extension Path {
  /// Straight lines through points, cut off at the edges of a box; a point that is not finite
  /// leaves a gap.
  package static func polyline(_ points: [Point], clippedTo box: Rectangle) -> Path {
    var path = Path()
    var pen: Point?
    var previous: Point?
    for point in points {
      let isFinite = point.x.isFinite && point.y.isFinite
      if isFinite, let start = previous, let segment = box.clip(start, point) {
        if pen != segment.start { path.move(to: segment.start) }
        path.line(to: segment.end)
        pen = segment.end
      }
      previous = isFinite ? point : nil
    }
    return path
  }
}

extension Rectangle {
  /// Whether a point lies inside or on the edge.
  package func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }

  /// Whether two rectangles share an area.
  package func overlaps(_ other: Rectangle) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// The rectangle inset on each side, or enlarged by a negative amount.
  func inset(by amount: Double) -> Rectangle {
    Rectangle(
      x: x + amount, y: y + amount, width: width - 2 * amount, height: height - 2 * amount)
  }

  /// The nearest point inside.
  func clamp(_ point: Point) -> Point {
    Point(min(max(point.x, x), right), min(max(point.y, y), bottom))
  }

  /// The part of a segment that lies inside.
  ///
  /// - Source: Liang & Barsky, 1984, "A new concept and method for line clipping".
  func clip(_ start: Point, _ end: Point) -> (start: Point, end: Point)? {
    var enter = 0.0
    var leave = 1.0
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    /// Limits the part to where `distance` from an edge, decreasing by `approach`, is not negative.
    func narrow(_ approach: Double, _ distance: Double) {
      if approach == 0 {
        if distance < 0 { leave = -1 }
      } else if approach < 0 {
        enter = max(enter, distance / approach)
      } else {
        leave = min(leave, distance / approach)
      }
    }
    narrow(-dx, start.x - x)
    narrow(dx, right - start.x)
    narrow(-dy, start.y - y)
    narrow(dy, bottom - start.y)
    guard enter <= leave else { return nil }
    func point(_ t: Double) -> Point {
      t == 0 ? start : t == 1 ? end : clamp(Point(start.x + t * dx, start.y + t * dy))
    }
    return (point(enter), point(leave))
  }
}

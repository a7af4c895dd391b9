internal import Foundation
internal import Plotting

extension Path {
  /// A closed outline that runs smoothly through the points (Catmull–Rom).
  ///
  /// Outlines always turn the same way round, so that overlapping ones can be filled as one.
  static func smooth(_ points: [Point]) -> Path {
    let corners = Path.turningRight(points)
    let count = corners.count
    var path = Path()
    path.move(to: corners[0])
    for index in 0..<count {
      let (before, start) = (corners[(index + count - 1) % count], corners[index])
      let (end, after) = (corners[(index + 1) % count], corners[(index + 2) % count])
      path.curve(
        to: end,
        Point(start.x + (end.x - before.x) / 6, start.y + (end.y - before.y) / 6),
        Point(end.x - (after.x - start.x) / 6, end.y - (after.y - start.y) / 6))
    }
    path.close()
    return path
  }

  /// A smooth outline given by its right half from top to bottom; the left half mirrors it.
  static func symmetric(_ half: [Point]) -> Path { smooth(mirrored(half)) }

  /// A smooth outline with locks of fur that stand out by about `length`.
  static func furry(_ points: [Point], tuft length: Double) -> Path {
    let corners = Path.turningRight(points)
    let count = corners.count
    var path = Path()
    path.move(to: corners[0])
    var lock = 0
    for index in 0..<count {
      let (start, end) = (corners[index], corners[(index + 1) % count])
      let stretch = spline(
        corners[(index + count - 1) % count], start, end, corners[(index + 2) % count])
      let locks = max(1, Int((hypot(end.x - start.x, end.y - start.y) / (length * 3.2)).rounded()))
      for step in 0..<locks {
        // Locks of one length would look like a saw.
        let reach = length * [1.3, 0.7, 1, 0.5][lock % 4]
        lock += 1
        let (root, next) = (
          stretch(Double(step) / Double(locks)), stretch(Double(step + 1) / Double(locks))
        )
        let run = max(hypot(next.x - root.x, next.y - root.y), 0.001)
        // Turning right, the outside lies to the left of the way.
        let out = Point((next.y - root.y) / run * reach, -(next.x - root.x) / run * reach)
        func along(_ fraction: Double, _ outward: Double) -> Point {
          Point(
            root.x + (next.x - root.x) * fraction + out.x * outward,
            root.y + (next.y - root.y) * fraction + out.y * outward)
        }
        path.curve(to: along(0.95, 1), along(0.3, 0.75), along(0.65, 1))
        path.curve(to: next, along(0.9, 0.6), along(0.92, 0.2))
      }
    }
    path.close()
    return path
  }

  /// A limb or tail: a curve through the points with a thickness at each, round at its ends.
  static func limb(_ spine: [Point], widths: [Double]) -> Path {
    smooth(limbPoints(spine, widths: widths))
  }

  /// The points on the outline of a limb.
  static func limbPoints(_ spine: [Point], widths: [Double]) -> [Point] {
    let samples = along(spine, widths)
    var right: [Point] = []
    var left: [Point] = []
    for index in samples.indices {
      let (before, after) = (samples[max(index - 1, 0)], samples[min(index + 1, samples.count - 1)])
      let run = max(
        hypot(after.point.x - before.point.x, after.point.y - before.point.y), 0.001)
      let half = samples[index].width / 2 / run
      let (x, y) = (
        (after.point.y - before.point.y) * half, (after.point.x - before.point.x) * half
      )
      let at = samples[index].point
      if index == 0 { left.append(Point(at.x - y, at.y - x)) }
      right.append(Point(at.x - x, at.y + y))
      left.append(Point(at.x + x, at.y - y))
      if index == samples.count - 1 { right.append(Point(at.x + y, at.y + x)) }
    }
    return right + left.reversed()
  }

  /// Points on the smooth curve through `spine`, six for each stretch, with the width there.
  static func along(_ spine: [Point], _ widths: [Double]) -> [(point: Point, width: Double)] {
    var samples: [(point: Point, width: Double)] = []
    for index in 0..<spine.count - 1 {
      let stretch = spline(
        spine[max(index - 1, 0)], spine[index], spine[index + 1],
        spine[min(index + 2, spine.count - 1)])
      for step in 0..<6 {
        let t = Double(step) / 6
        samples.append((stretch(t), widths[index] + (widths[index + 1] - widths[index]) * t))
      }
    }
    samples.append((spine[spine.count - 1], widths[widths.count - 1]))
    return samples
  }

  /// An open line, smooth through the points.
  static func line(through points: [Point]) -> Path {
    polyline(along(points, points.map { _ in 0 }).map(\.point))
  }

  /// An ellipse turned clockwise by an angle in radians.
  static func ellipse(
    _ x: Double, _ y: Double, _ radiusX: Double, _ radiusY: Double, turn: Double = 0
  )
    -> Path
  {
    smooth(
      (0..<12).map { step in
        let angle = Double(step) * .pi / 6
        let (u, v) = (cos(angle) * radiusX, sin(angle) * radiusY)
        return Point(x + u * cos(turn) - v * sin(turn), y + u * sin(turn) + v * cos(turn))
      })
  }

  /// The right half of an outline, from top to bottom, and its mirror image on the way back.
  static func mirrored(_ half: [Point]) -> [Point] {
    half + half.reversed().filter { $0.x != 0 }.map { Point(-$0.x, $0.y) }
  }

  /// The smallest rectangle around the points that the pen visits or is drawn toward.
  var bounds: Rectangle {
    var points: [Point] = []
    for element in elements {
      switch element {
      case .move(let point), .line(let point): points.append(point)
      case .curve(_, _, let end): points.append(end)
      case .close: break
      }
    }
    let (x, y) = (points.map(\.x), points.map(\.y))
    let (left, top) = (x.min() ?? 0, y.min() ?? 0)
    return Rectangle(x: left, y: top, width: (x.max() ?? 0) - left, height: (y.max() ?? 0) - top)
  }

  private static func turningRight(_ points: [Point]) -> [Point] {
    var area = 0.0
    for (point, next) in zip(points, points.dropFirst() + points.prefix(1)) {
      area += point.x * next.y - next.x * point.y
    }
    return area < 0 ? points.reversed() : points
  }

  private static func spline(
    _ before: Point, _ start: Point, _ end: Point, _ after: Point
  )
    -> (Double) -> Point
  {
    { t in
      func value(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
        b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
      }
      return Point(
        value(before.x, start.x, end.x, after.x), value(before.y, start.y, end.y, after.y))
    }
  }
}

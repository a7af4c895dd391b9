internal import Foundation

/// A small shape that marks a point.
public struct Marker: Hashable, Sendable {
  /// What a marker looks like.
  public enum Shape: Hashable, Sendable {
    case dot, ring, cross
    /// A five-pointed star, for a lowest place.
    case star
    /// Points upward, just below its point: more data lies above the axes.
    case triangle
  }

  /// What it looks like.
  public var shape: Shape
  /// Canvas units.
  public var radius: Double
  /// The color it is filled or outlined with.
  public var color: Color

  /// Creates a marker.
  public init(_ shape: Shape, radius: Double, _ color: Color) {
    self.shape = shape
    self.radius = radius
    self.color = color
  }

  /// Draws the marker once for each point.
  ///
  /// Equal markers share one path, so they do not add up where they overlap.
  public func draw(at points: [Point], on canvas: any Canvas) {
    var path = Path()
    let r = radius
    for p in points {
      switch shape {
      case .dot, .ring: path.append(.circle(center: p, radius: r))
      case .star: path.append(.star(center: p, radius: r))
      case .cross:
        path.append(.polyline([Point(p.x - r, p.y - r), Point(p.x + r, p.y + r)]))
        path.append(.polyline([Point(p.x - r, p.y + r), Point(p.x + r, p.y - r)]))
      case .triangle:
        let base = p.y + 1.7 * r
        path.append(.polyline([p, Point(p.x + r, base), Point(p.x - r, base)], closed: true))
      }
    }
    switch shape {
    case .dot, .star, .triangle: canvas.fill(path, with: color)
    case .ring, .cross: canvas.stroke(path, with: color, Stroke(width: 2))
    }
  }
}

extension Path {
  /// A five-pointed star.
  static func star(center: Point, radius: Double) -> Path {
    let corners = (0..<10).map { index in
      let angle = Double(index) * .pi / 5 - .pi / 2
      let length = index.isMultiple(of: 2) ? radius : radius * 0.42
      return Point(center.x + length * cos(angle), center.y + length * sin(angle))
    }
    return polyline(corners, closed: true)
  }
}

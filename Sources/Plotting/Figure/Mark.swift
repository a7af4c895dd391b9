/// A pair of numbers to be shown; NaN in `y` leaves a gap.
public struct DataPoint: Hashable, Sendable {
  /// In units of the axes.
  public var x: Double, y: Double

  /// Creates a pair of numbers.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// Something drawn between axes.
public enum Mark: Hashable, Sendable {
  /// A line through points in order; the label stands at its right end, outside of the axes.
  case line([DataPoint], Pen, label: String? = nil)
  /// A marker at each point that lies inside the axes.
  case points([DataPoint], Marker)
  /// The area between two lines over the same `x`.
  case band([DataPoint], [DataPoint], Color)
  /// A thin horizontal line across, labelled where there is room.
  case reference(Double, label: String)
  /// One marked point, labelled beside it where there is room.
  case annotation(DataPoint, Marker, label: String? = nil)
}

/// How a line of data is drawn.
public struct Pen: Hashable, Sendable {
  /// Colour of the line and of its label.
  public var color: Color
  /// Width and dashes.
  public var stroke: Stroke

  /// Creates a pen.
  ///
  /// - Parameter width: Canvas units.
  public init(_ color: Color, width: Double = 2.5, dashes: [Double] = []) {
    self.color = color
    stroke = Stroke(width: width, dashes: dashes, cap: dashes.isEmpty ? .round : .butt)
  }
}

/// A small shape that stands for a point.
public struct Marker: Hashable, Sendable {
  /// What it looks like.
  public enum Shape: Hashable, Sendable {
    case dot, ring, cross
    /// Points upwards and hangs below its point: more lies above the axes.
    case triangle
  }

  /// What it looks like.
  public var shape: Shape
  /// Canvas units.
  public var radius: Double
  /// Its colour.
  public var color: Color

  /// Creates a marker.
  public init(_ shape: Shape, radius: Double, _ color: Color) {
    self.shape = shape
    self.radius = radius
    self.color = color
  }

  /// Draws the marker once for each point; equal markers share one path, so they do not add up
  /// where they overlap.
  func draw(at points: [Point], on canvas: any Canvas) {
    var path = Path()
    let r = radius
    for p in points {
      switch shape {
      case .dot, .ring: path.append(.circle(center: p, radius: r))
      case .cross:
        path.append(.polyline([Point(p.x - r, p.y - r), Point(p.x + r, p.y + r)]))
        path.append(.polyline([Point(p.x - r, p.y + r), Point(p.x + r, p.y - r)]))
      case .triangle:
        path.append(
          .polyline(
            [p, Point(p.x + r, p.y + 1.7 * r), Point(p.x - r, p.y + 1.7 * r)], closed: true))
      }
    }
    switch shape {
    case .dot, .triangle: canvas.fill(path, with: color)
    case .ring, .cross: canvas.stroke(path, with: color, Stroke(width: 2))
    }
  }
}

/// A point in canvas units; x grows to the right, y downward.
public struct Point: Hashable, Sendable {
  /// Canvas units.
  public var x: Double, y: Double

  /// Creates a point.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// An axis-parallel rectangle in canvas units; the origin is the top left corner.
public struct Rectangle: Hashable, Sendable {
  /// Top left corner and size.
  public var x: Double, y: Double, width: Double, height: Double

  /// Creates a rectangle from its top left corner and its size.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Right and bottom edge.
  public var right: Double { x + width }
  /// Bottom edge.
  public var bottom: Double { y + height }
}

/// An outline made of lines and curves: a value that can be filled, stroked or clipped to.
public struct Path: Hashable, Sendable {
  /// One pen movement.
  public enum Element: Hashable, Sendable {
    case move(Point)
    case line(Point)
    case curve(Point, Point, to: Point)
    case close
  }

  /// The pen movements in order.
  public private(set) var elements: [Element] = []

  /// Creates an empty path.
  public init() {}

  /// Lifts the pen and puts it down at a point.
  public mutating func move(to point: Point) { elements.append(.move(point)) }

  /// Draws a straight line.
  public mutating func line(to point: Point) { elements.append(.line(point)) }

  /// Draws a cubic Bézier curve with two control points.
  public mutating func curve(to end: Point, _ control1: Point, _ control2: Point) {
    elements.append(.curve(control1, control2, to: end))
  }

  /// Returns to the start of the current outline.
  public mutating func close() { elements.append(.close) }

  /// Appends every element of another path.
  public mutating func append(_ other: Path) { elements += other.elements }

  /// Straight lines through the points in order.
  public static func polyline(_ points: some Sequence<Point>, closed: Bool = false) -> Path {
    var path = Path()
    for (index, point) in points.enumerated() {
      path.elements.append(index == 0 ? .move(point) : .line(point))
    }
    if closed { path.close() }
    return path
  }

  /// A rectangle, its corners rounded by `radius`.
  public static func rectangle(_ r: Rectangle, radius: Double = 0) -> Path {
    guard radius > 0 else {
      return polyline(
        [Point(r.x, r.y), Point(r.right, r.y), Point(r.right, r.bottom), Point(r.x, r.bottom)],
        closed: true)
    }
    let c = min(radius, r.width / 2, r.height / 2)
    let k = c * (1 - circleControl)
    var path = Path()
    path.move(to: Point(r.x + c, r.y))
    path.line(to: Point(r.right - c, r.y))
    path.curve(to: Point(r.right, r.y + c), Point(r.right - k, r.y), Point(r.right, r.y + k))
    path.line(to: Point(r.right, r.bottom - c))
    path.curve(
      to: Point(r.right - c, r.bottom), Point(r.right, r.bottom - k), Point(r.right - k, r.bottom))
    path.line(to: Point(r.x + c, r.bottom))
    path.curve(to: Point(r.x, r.bottom - c), Point(r.x + k, r.bottom), Point(r.x, r.bottom - k))
    path.line(to: Point(r.x, r.y + c))
    path.curve(to: Point(r.x + c, r.y), Point(r.x, r.y + k), Point(r.x + k, r.y))
    path.close()
    return path
  }

  /// An axis-parallel ellipse.
  public static func ellipse(center: Point, radiusX: Double, radiusY: Double) -> Path {
    let kx = radiusX * circleControl
    let ky = radiusY * circleControl
    let (x, y) = (center.x, center.y)
    var path = Path()
    path.move(to: Point(x + radiusX, y))
    path.curve(to: Point(x, y + radiusY), Point(x + radiusX, y + ky), Point(x + kx, y + radiusY))
    path.curve(to: Point(x - radiusX, y), Point(x - kx, y + radiusY), Point(x - radiusX, y + ky))
    path.curve(to: Point(x, y - radiusY), Point(x - radiusX, y - ky), Point(x - kx, y - radiusY))
    path.curve(to: Point(x + radiusX, y), Point(x + kx, y - radiusY), Point(x + radiusX, y - ky))
    path.close()
    return path
  }

  /// A circle.
  public static func circle(center: Point, radius: Double) -> Path {
    ellipse(center: center, radiusX: radius, radiusY: radius)
  }

  /// Control distance that lets a cubic curve follow a quarter circle of radius 1.
  private static let circleControl = 0.552_284_749_8
}

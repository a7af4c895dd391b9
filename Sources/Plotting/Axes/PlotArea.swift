/// The inside of a pair of axes while marks are drawn into it.
public struct PlotArea {
  /// What is drawn on.
  public let canvas: any Canvas
  /// The inside of the axes, canvas units.
  public let box: Rectangle
  /// The colors of the figure.
  public let palette: Palette
  /// From values to positions on the canvas.
  public let horizontal: Scale, vertical: Scale
  private var placement: LabelPlacement
  private let axes: Axes

  init(_ axes: Axes, in box: Rectangle, _ palette: Palette, on canvas: any Canvas) {
    self.canvas = canvas
    self.box = box
    self.palette = palette
    self.axes = axes
    horizontal = axes.horizontal.scale(from: box.x, to: box.right)
    vertical = axes.vertical.scale(from: box.bottom, to: box.y)
    placement = LabelPlacement(bounds: box.inset(by: 3))
  }

  static let lineHeight = 17.0

  /// The position of a point on the canvas, which may be outside the box.
  public func position(of point: DataPoint) -> Point {
    Point(horizontal.position(of: point.x), vertical.position(of: point.y))
  }

  /// More points of one mark are too near to each other to be pointed at.
  private static let mostExplained = 120

  /// Lets a page show the values of points under the pointer.
  ///
  /// - Parameter name: Says whose they are, if that is not plain.
  func explain(_ points: [DataPoint], of name: String = "") {
    guard points.count <= Self.mostExplained else { return }
    for point in points { explain(point, of: name) }
  }

  private func explain(_ point: DataPoint, of name: String) {
    guard let page = canvas as? SVGCanvas, page.isInPage else { return }
    let place = position(of: point)
    guard box.contains(place) else { return }
    page.explain(
      (name.isEmpty ? "" : "\(name): ")
        + "\(axes.horizontal.title) \(axes.horizontal.format.ofTick(point.x)), "
        + "\(axes.vertical.title) \(axes.vertical.format.text(point.y))", at: place)
  }

  // MARK: Room for labels

  /// Makes a position expensive to cover with a label.
  ///
  /// - Parameter weight: `1` for a thin line, `20` for a marker that must stay visible.
  public mutating func avoid(_ position: Point, weight: Double = 1) {
    placement.avoid(position, weight: weight)
  }

  /// Makes a line expensive to cover, in proportion to the length covered.
  public mutating func avoid(_ path: Path, weight: Double = 1) {
    placement.avoid(path, weight: weight)
  }

  /// Writes a label above or below a height where it covers no data, if there is such a place:
  /// beside the line, at one of its ends if possible, or else joined to it by a hairline.
  mutating func writeLabel(
    _ text: String, alongHeight value: Double, with color: Color, _ style: TextStyle
  ) {
    let size = labelSize(text, style)
    let y = vertical.position(of: value)
    func candidates(_ distance: Double) -> [Rectangle] {
      LabelPlacement.along(
        y, box.inset(by: 3), width: size.width, height: size.height, distance: distance)
    }
    let near = candidates(4)
    let place =
      placement.place(Array(near.prefix(2) + near.suffix(2)), isClear: true)
      ?? placement.place(near, isClear: true)
      ?? placement.place([12, 24, 40, 60, 90, 130].flatMap(candidates), isClear: true)
      ?? placement.place(near)
    guard let place else { return }
    let middle = Point(place.x + place.width / 2, y)
    connect(place, to: middle, Marker(.dot, radius: 0, color))
    write(text, in: place, color, style)
  }

  /// Writes a label over one of some points, those in front first.
  mutating func writeLabel(
    _ text: String, onOneOf points: [Point], with color: Color, _ style: TextStyle
  ) {
    let size = labelSize(text, style)
    let candidates = points.map {
      Rectangle(
        x: $0.x - size.width / 2, y: $0.y - size.height / 2, width: size.width,
        height: size.height)
    }
    guard let place = placement.place(candidates) else { return }
    write(text, in: place, color, style)
  }

  /// Writes a label near a point, in the color of its marker, with a hairline if it is not
  /// adjacent.
  public mutating func writeLabel(_ text: String, beside point: DataPoint, _ marker: Marker) {
    let target = box.clamp(position(of: point))
    let size = labelSize(text, .label)
    let candidates = LabelPlacement.around(target, width: size.width, height: size.height)
    guard let place = placement.place(candidates) else { return }
    connect(place, to: target, marker)
    write(text, in: place, marker.color, .label)
  }

  private func labelSize(_ text: String, _ style: TextStyle) -> Size {
    Size(canvas.width(of: text, style) + 8, Self.lineHeight)
  }

  private func write(_ text: String, in place: Rectangle, _ color: Color, _ style: TextStyle) {
    // Data shows through a little, so that no line seems to end at a label.
    canvas.fill(.rectangle(place, radius: 3), with: palette.background.opacity(0.82))
    canvas.write(text, at: Point(place.x + 4, place.y + 13), with: color, style)
  }

  private mutating func connect(_ place: Rectangle, to point: Point, _ marker: Marker) {
    let near = place.clamp(point)
    let (dx, dy) = (near.x - point.x, near.y - point.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 24 else { return }
    let start = (marker.radius + 1) / length
    let leader = Path.polyline([Point(point.x + dx * start, point.y + dy * start), near])
    canvas.stroke(leader, with: marker.color, Stroke(width: 1))
    avoid(leader, weight: 3)
  }
}

/// Draws one pair of axes and its marks into a box of a canvas.
struct AxesDrawing {
  let axes: Axes
  /// The inside of the axes.
  let box: Rectangle
  let palette: Palette
  /// Whether tick labels and title of the horizontal axis are shown.
  let isLowest: Bool
  let canvas: any Canvas
  private let horizontal: Scale
  private let vertical: Scale

  init(axes: Axes, box: Rectangle, palette: Palette, isLowest: Bool, canvas: any Canvas) {
    self.axes = axes
    self.box = box
    self.palette = palette
    self.isLowest = isLowest
    self.canvas = canvas
    horizontal = axes.horizontal.scale(from: box.x, to: box.right)
    vertical = axes.vertical.scale(from: box.bottom, to: box.y)
  }

  /// Distance between an axis and the labels beside it.
  static let labelGap = 14.0
  /// Longer labels are cut off.
  static let widestLabel = 190.0
  private static let lineHeight = 17.0
  /// How far the title may reach beyond the right end of the axes.
  private static let titleOverhang = 36.0

  /// Room for a sample of the line before its label; two lines are told apart by colour alone.
  static func swatchWidth(for labelCount: Int) -> Double { labelCount > 2 ? 30 : 0 }

  func draw() {
    drawGrid()
    var placement = LabelPlacement(bounds: box.inset(by: 3))
    for mark in axes.marks { draw(mark, &placement) }
    drawSpines()
    for mark in axes.marks { label(mark, &placement) }
    drawEndLabels()
  }

  private func position(of point: DataPoint) -> Point {
    Point(horizontal.position(of: point.x), vertical.position(of: point.y))
  }

  // MARK: Frame

  private func drawGrid() {
    for (value, text) in zip(axes.vertical.ticks.values, axes.vertical.ticks.labels) {
      let y = vertical.position(of: value)
      canvas.stroke(
        .polyline([Point(box.x, y), Point(box.right, y)]), with: palette.grid, Stroke(width: 1))
      write(
        text, at: Point(box.x - 10, y + 4.7), palette.secondaryText, .tick, .trailing)
    }
    let room = min(box.width + Self.titleOverhang, canvas.width - box.x - 8)
    write(
      canvas.shortened(axes.vertical.title, .axisTitle, to: room),
      at: Point(box.x, box.y - 14), palette.text, .axisTitle, .leading)
    guard isLowest else { return }
    for (value, text) in zip(axes.horizontal.ticks.values, axes.horizontal.ticks.labels) {
      let x = horizontal.position(of: value)
      write(text, at: Point(x, box.bottom + 22), palette.secondaryText, .tick, .center)
    }
    write(
      axes.horizontal.title, at: Point(box.x + box.width / 2, box.bottom + 46), palette.text,
      .axisTitle, .center)
  }

  private func drawSpines() {
    var path = Path.polyline([
      Point(box.x, box.y), Point(box.x, box.bottom), Point(box.right, box.bottom),
    ])
    for value in axes.horizontal.ticks.values {
      let x = horizontal.position(of: value)
      path.append(.polyline([Point(x, box.bottom), Point(x, box.bottom + 5)]))
    }
    canvas.stroke(path, with: palette.secondaryText, Stroke(width: 1.2))
  }

  private func write(
    _ text: String, at position: Point, _ color: Color, _ style: TextStyle,
    _ alignment: TextStyle.Alignment
  ) {
    var style = style
    style.alignment = alignment
    canvas.write(text, at: position, with: color, style)
  }

  // MARK: Marks

  private func draw(_ mark: Mark, _ placement: inout LabelPlacement) {
    switch mark {
    case .line(let points, let pen, _):
      let path = Path.polyline(points.map(position(of:)), clippedTo: box)
      canvas.stroke(path, with: pen.color, pen.stroke)
      placement.avoid(path, weight: 1.2 * pen.stroke.width * pen.color.opacity)
    case .points(let points, let marker):
      let inside = points.map(position(of:)).filter(box.contains)
      marker.draw(at: inside, on: canvas)
      let weight = marker.color.opacity < 1 ? 0.03 : 3
      for point in inside { placement.avoid(point, weight: weight) }
    case .band(let upper, let lower, let color):
      let outline = (upper + lower.reversed()).map { box.clamp(position(of: $0)) }
      canvas.fill(.polyline(outline, closed: true), with: color)
    case .reference(let value, _):
      let y = vertical.position(of: value)
      let path = Path.polyline([Point(box.x, y), Point(box.right, y)], clippedTo: box)
      canvas.stroke(
        path, with: palette.secondaryText, Stroke(width: 1.2, dashes: [2, 4], cap: .butt))
      placement.avoid(path)
    case .annotation(let point, let marker, _):
      let center = box.clamp(position(of: point))
      marker.draw(at: [center], on: canvas)
      placement.avoid(center, weight: 20)
    }
  }

  private func label(_ mark: Mark, _ placement: inout LabelPlacement) {
    switch mark {
    case .reference(let value, let label):
      let size = labelSize(label, .tick)
      let candidates = LabelPlacement.along(
        vertical.position(of: value), box.inset(by: 3), width: size.x, height: size.y)
      guard let place = placement.place(candidates) else { return }
      write(label, in: place, palette.secondaryText, .tick)
    case .annotation(let point, let marker, let label?):
      let target = box.clamp(position(of: point))
      let size = labelSize(label, .label)
      let candidates = LabelPlacement.around(target, width: size.x, height: size.y)
      guard let place = placement.place(candidates) else { return }
      connect(place, to: target, marker, &placement)
      write(label, in: place, marker.color, .label)
    default: return
    }
  }

  private func labelSize(_ text: String, _ style: TextStyle) -> Point {
    Point(canvas.width(of: text, style) + 8, Self.lineHeight)
  }

  private func write(_ text: String, in place: Rectangle, _ color: Color, _ style: TextStyle) {
    // Data shows through a little, so that nothing seems to end at a label.
    canvas.fill(.rectangle(place, radius: 3), with: palette.background.opacity(0.82))
    write(text, at: Point(place.x + 4, place.y + 13), color, style, .leading)
  }

  /// Draws a hairline from a label to its point where they are not side by side.
  private func connect(
    _ place: Rectangle, to point: Point, _ marker: Marker, _ placement: inout LabelPlacement
  ) {
    let near = place.clamp(point)
    let (dx, dy) = (near.x - point.x, near.y - point.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 24 else { return }
    let start = (marker.radius + 1) / length
    let leader = Path.polyline([Point(point.x + dx * start, point.y + dy * start), near])
    canvas.stroke(leader, with: marker.color, Stroke(width: 1))
    placement.avoid(leader, weight: 3)
  }

  private func drawEndLabels() {
    let capacity = Int(box.height / Self.lineHeight) + 1
    let labels = axes.endLabels.map { (label: $0, y: vertical.position(of: $0.value)) }
      .prefix(capacity).sorted { $0.y < $1.y }
    let swatch = Self.swatchWidth(for: labels.count)
    let centers = LabelPlacement.spread(
      labels.map { min(max($0.y, box.y), box.bottom) }, spacing: Self.lineHeight,
      within: box.y...box.bottom)
    for ((label, _), y) in zip(labels, centers) {
      let x = box.right + Self.labelGap
      if swatch > 0 {
        canvas.stroke(
          .polyline([Point(x, y), Point(x + swatch - 8, y)]), with: label.pen.color,
          label.pen.stroke)
      }
      write(
        canvas.shortened(label.text, .label, to: Self.widestLabel), at: Point(x + swatch, y + 4.7),
        label.pen.color, .label, .leading)
    }
  }
}

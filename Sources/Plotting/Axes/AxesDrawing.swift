/// Draws one pair of axes and its marks into a box of a canvas.
struct AxesDrawing {
  let axes: Axes
  /// Whether tick labels and title of the horizontal axis are shown.
  let isLowest: Bool
  private var area: PlotArea

  init(
    _ axes: Axes, in box: Rectangle, _ palette: Palette, isLowest: Bool = true,
    on canvas: any Canvas
  ) {
    self.axes = axes
    self.isLowest = isLowest
    area = PlotArea(axes, in: box, palette, on: canvas)
  }

  private var canvas: any Canvas { area.canvas }
  private var box: Rectangle { area.box }
  private var palette: Palette { area.palette }
  private var acrossTicks: Ticks { axes.horizontal.ticks(along: box.width) }

  /// Distance between an axis and the labels beside it.
  static let labelGap = 14.0
  /// Longer labels are cut off.
  static func widestLabel(on canvas: any Canvas) -> Double { min(190, 0.3 * canvas.width) }
  /// Smallest distance between the baselines of two labels.
  private static let leastLabelPitch = 13.5
  /// How far the title may reach beyond the right end of the axes.
  private static let titleOverhang = 36.0

  /// Room for a sample of the line before its label; up to two lines are told apart by color alone.
  static func swatchWidth(for labelCount: Int) -> Double { labelCount > 2 ? 33 : 0 }

  /// Draws frame, marks and labels.
  mutating func draw() {
    drawGrid()
    for mark in axes.marks { mark.draw(in: &area) }
    drawSpines()
    for mark in axes.marks { mark.writeLabel(in: &area) }
    drawEndLabels()
  }

  /// Draws marks over axes that are already drawn.
  mutating func draw(_ marks: [any Mark]) {
    for mark in marks { mark.draw(in: &area) }
  }

  // MARK: Frame

  private func drawGrid() {
    for (value, text) in zip(axes.vertical.ticks.values, axes.vertical.ticks.labels) {
      let y = area.vertical.position(of: value)
      if axes.hasGrid {
        canvas.stroke(
          .polyline([Point(box.x, y), Point(box.right, y)]), with: palette.grid, Stroke(width: 1))
      }
      write(text, at: Point(box.x - 10, y + 4.7), palette.secondaryText, .tick, .trailing)
    }
    let room = min(box.width + Self.titleOverhang, canvas.width - box.x - 8)
    write(
      canvas.shortened(axes.vertical.title, .axisTitle, to: room),
      at: Point(box.x, box.y - 14), palette.text, .axisTitle, .leading)
    guard isLowest else { return }
    for (value, text) in zip(acrossTicks.values, acrossTicks.labels) {
      let x = area.horizontal.position(of: value)
      write(text, at: Point(x, box.bottom + 22), palette.secondaryText, .tick, .center)
    }
    let middle = box.x + box.width / 2
    let space = 2 * (min(middle, canvas.width - middle) - 8)
    write(
      canvas.shortened(axes.horizontal.title, .axisTitle, to: space),
      at: Point(middle, box.bottom + 46), palette.text, .axisTitle, .center)
  }

  private func drawSpines() {
    var path = Path.polyline([
      Point(box.x, box.y), Point(box.x, box.bottom), Point(box.right, box.bottom),
    ])
    for value in acrossTicks.values {
      let x = area.horizontal.position(of: value)
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

  private func drawEndLabels() {
    // Many labels are placed closer together; those that still do not fit are left out.
    let capacity = Int(box.height / Self.leastLabelPitch) + 1
    let labels = axes.endLabels.map { (label: $0, y: area.vertical.position(of: $0.value)) }
      .prefix(capacity).sorted { $0.y < $1.y }
    let swatch = Self.swatchWidth(for: labels.count)
    let lineHeight = min(
      PlotArea.lineHeight, (1 - 1e-9) * box.height / Double(max(1, labels.count - 1)))
    let centers = LabelPlacement.spread(
      labels.map { min(max($0.y, box.y), box.bottom) }, spacing: lineHeight,
      within: box.y...box.bottom)
    for ((label, _), y) in zip(labels, centers) {
      let x = box.right + Self.labelGap
      if swatch > 0 {
        canvas.stroke(
          .polyline([Point(x, y), Point(x + label.pen.sampleLength(within: swatch - 8), y)]),
          with: label.pen.color,
          label.pen.stroke)
      }
      write(
        canvas.shortened(label.text, .label, to: Self.widestLabel(on: canvas)),
        at: Point(x + swatch, y + 4.7),
        label.pen.color, .label, .leading)
    }
  }
}

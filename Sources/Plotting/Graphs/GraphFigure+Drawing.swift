extension GraphFigure {
  /// The color of values, and of what a step forward works on.
  private var forwardColor: Color { theme.palette.series[0] }

  /// The color of gradients, and of what a step backward works on.
  private var backwardColor: Color { theme.palette.series[1] }

  public func draw(on canvas: any Canvas) {
    let (palette, layout) = (theme.palette, GraphLayout(self))
    canvas.drawBackground(palette)
    let legendStart = drawLegend(on: canvas)
    let room = legendStart - AxesFigureLayout.margin - 24
    canvas.drawWords(
      title: canvas.shortened(title, .title, to: room), subtitle: subtitle, footer: footer, palette)
    for (column, name) in columns.enumerated() {
      let (x, width) = layout.columns[column]
      canvas.write(
        canvas.shortened(name, Self.columnStyle, to: width + 40), at: Point(x + width / 2, 96),
        with: palette.secondaryText, Self.columnStyle)
    }
    // What a step works on lies above the others.
    let isBelow: (Arrow) -> Bool = { $0.activity == .idle || $0.activity == .pending }
    for arrow in arrows.filter(isBelow) + arrows.filter({ !isBelow($0) }) {
      draw(arrow, layout, on: canvas)
    }
    for index in boxes.indices { draw(index, layout, on: canvas) }
  }

  private static let columnStyle = TextStyle(size: 13, alignment: .center)
  private static let textSize = 14.0

  /// Names the two colors at the right end; returns where that begins.
  private func drawLegend(on canvas: any Canvas) -> Double {
    var end = canvas.width - AxesFigureLayout.margin
    for (text, color) in [("gradient ∂L/∂…", backwardColor), ("value", forwardColor)] {
      let style = TextStyle(size: 14, bold: true, alignment: .trailing)
      canvas.write(text, at: Point(end, 38), with: color, style)
      end -= canvas.width(of: text, style) + 20
    }
    return end
  }

  private func draw(_ arrow: Arrow, _ layout: GraphLayout, on canvas: any Canvas) {
    let source = layout.boxes[arrow.source], target = layout.boxes[arrow.target]
    let hasRows = !boxes[arrow.target].rows.isEmpty
    let line = hasRows ? arrow.row + (boxes[arrow.target].head == nil ? 0 : 1) : 0
    let start = Point(source.right, layout.middle(ofLine: 0, in: arrow.source))
    let end = Point(target.x, layout.middle(ofLine: line, in: arrow.target))
    let (color, width) = style(of: arrow.activity)
    let isBackward = arrow.activity == .backward
    let head = 8.0
    let (from, to) = (
      Point(start.x + (isBackward ? head : 0), start.y),
      Point(end.x - (isBackward ? 0 : head), end.y)
    )
    let bend = (to.x - from.x) / 2
    var path = Path()
    path.move(to: from)
    path.curve(to: to, Point(from.x + bend, from.y), Point(to.x - bend, to.y))
    canvas.stroke(path, with: color, Stroke(width: width))
    let (tip, base) = isBackward ? (start, from) : (end, to)
    canvas.fill(
      .polyline(
        [tip, Point(base.x, base.y - 4), Point(base.x, base.y + 4)], closed: true), with: color)
  }

  private func style(of activity: Activity) -> (color: Color, width: Double) {
    switch activity {
    case .pending: (theme.palette.grid, 1.2)
    case .idle: (theme.palette.context, 1.2)
    case .forward: (forwardColor, 2.4)
    case .backward: (backwardColor, 2.4)
    }
  }

  private func draw(_ index: Int, _ layout: GraphLayout, on canvas: any Canvas) {
    let (box, place, palette) = (boxes[index], layout.boxes[index], theme.palette)
    let outline = Path.rectangle(place, radius: 7)
    canvas.fill(outline, with: palette.background)
    let (color, width) = style(of: box.activity)
    canvas.stroke(outline, with: color, Stroke(width: width))
    if box.head != nil, !box.rows.isEmpty {
      let y = place.y + 5 + GraphLayout.rowHeight
      canvas.stroke(
        .polyline([Point(place.x, y), Point(place.right, y)]), with: palette.grid,
        Stroke(width: 1))
    }
    let (valueEnd, gradientEnd) = (layout.valueEnds[box.column], layout.gradientEnds[box.column])
    for (line, row) in box.lines.enumerated() {
      let y = layout.middle(ofLine: line, in: index) + 5
      let isHead = line == 0 && box.head != nil
      let style = TextStyle(size: Self.textSize, bold: isHead)
      var trailing = style
      trailing.alignment = .trailing
      let isPending = box.activity == .pending
      canvas.write(
        row.name, at: Point(place.x + GraphLayout.padding, y),
        with: isPending ? palette.context : isHead ? palette.text : palette.secondaryText, style)
      if row.showsValue {
        canvas.write(
          row.value, at: Point(place.x + valueEnd, y),
          with: row.isFactor ? palette.secondaryText : forwardColor, trailing)
      }
      if row.showsGradient {
        canvas.write(
          row.gradient, at: Point(place.x + gradientEnd, y), with: backwardColor, trailing)
      }
    }
  }
}

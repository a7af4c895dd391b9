// The table of the marbles: a row for each or, where these are too many, two columns of names.
extension RaceFigure {
  private static let rowHeight = 19.0
  private static let mostRows = 12
  private static let columnWidth = 176.0

  private var isCompact: Bool { paths.count > Self.mostRows }

  /// Where the name of a marble begins after its number, and how wide it may be.
  private var nameShift: Double { isCompact ? 36 : 44 }
  private var nameRoom: Double { isCompact ? 132 : 104 }

  private var rowCount: Int {
    min(isCompact ? (paths.count + 1) / 2 : paths.count, Self.mostRows)
  }

  /// Canvas units.
  var tableHeight: Double { Self.rowHeight * Double(rowCount) }

  /// Where a row of the table begins, and its middle.
  private func place(ofRow index: Int, on canvas: any Canvas) -> Point {
    let layout = layout(on: canvas)
    return Point(
      layout.tableLeft + Self.columnWidth * Double(index / rowCount),
      layout.tableTop + Self.rowHeight * (Double(index % rowCount) + 0.5))
  }

  /// Draws number, line and name of each marble, and in full rows its rate.
  func drawTable(on canvas: any Canvas) {
    let capacity = rowCount * (isCompact ? 2 : 1)
    for (index, path) in paths.prefix(capacity).enumerated() {
      let place = place(ofRow: index, on: canvas)
      let (x, y) = (place.x, place.y)
      let pen = pens[index]
      Ball(number: index + 1, pen.color).draw(at: Point(x, y), radius: 7.5, palette, on: canvas)
      let length = pen.sampleLength(within: nameShift - 20)
      canvas.stroke(
        .polyline([Point(x + 13, y), Point(x + 13 + length, y)]), with: pen.color, pen.stroke)
      let hidden = index == capacity - 1 ? paths.count - capacity : 0
      let name = hidden > 0 ? "and \(hidden + 1) more" : path.label
      write(name, at: Point(x + nameShift, y), room: nameRoom, palette.text, .label, on: canvas)
      if isCompact { continue }
      write(
        path.detail, at: Point(x + 152, y), room: 54, palette.secondaryText, .tick, on: canvas)
    }
  }

  /// Writes in full rows how each marble ended that takes no further step.
  func drawOutcomes(after step: Int, on canvas: any Canvas) {
    guard !isCompact else { return }
    for (index, path) in paths.enumerated() where step >= path.points.count - 1 {
      let place = place(ofRow: index, on: canvas)
      write(
        path.outcome, at: Point(place.x + 210, place.y), room: 122, palette.secondaryText, .tick,
        on: canvas)
    }
  }

  private func write(
    _ text: String, at position: Point, room: Double, _ color: Color, _ style: TextStyle,
    on canvas: any Canvas
  ) {
    canvas.write(
      canvas.shortened(text, style, to: room), at: Point(position.x, position.y + 4.5),
      with: color, style)
  }
}

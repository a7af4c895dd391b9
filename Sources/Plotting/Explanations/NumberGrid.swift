internal import Support

/// Numbers in a grid of cells, each colored by its size and sign.
struct NumberGrid {
  /// Row by row; nil is a cell that stands for those left out.
  var values: [[Float?]]
  /// The size that has the full color.
  var fullScale: Float
  /// Canvas units.
  var cellWidth = 40.0, cellHeight = 22.0
  /// Numbers after the point.
  var decimals = 2

  var columns: Int { values.first?.count ?? 0 }
  var width: Double { Double(columns) * cellWidth }
  var height: Double { Double(values.count) * cellHeight }

  /// The largest size of some numbers, or 1 for nothing.
  static func scale(of values: some Sequence<Float>) -> Float {
    let largest = values.reduce(0) { max($0, abs($1)) }
    return largest > 0 ? largest : 1
  }

  /// The rectangle of some cells, the top left corner of the grid at a point.
  func box(
    rows: Range<Int>, columns: Range<Int>, at origin: Point
  ) -> Rectangle {
    Rectangle(
      x: origin.x + Double(columns.lowerBound) * cellWidth,
      y: origin.y + Double(rows.lowerBound) * cellHeight,
      width: Double(columns.count) * cellWidth, height: Double(rows.count) * cellHeight)
  }

  func draw(at origin: Point, _ palette: Palette, on canvas: any Canvas) {
    let style = TextStyle(size: 12, alignment: .center)
    for (row, cells) in values.enumerated() {
      for (column, value) in cells.enumerated() {
        let cell = box(rows: row..<row + 1, columns: column..<column + 1, at: origin)
        let ground = value.map { color($0, palette) } ?? palette.background
        canvas.fill(.rectangle(cell), with: ground)
        canvas.stroke(.rectangle(cell), with: palette.grid, Stroke(width: 0.8))
        let text = value.map { Double($0).decimal(decimals) } ?? "⋯"
        // A cell that is too narrow for its number shows its color alone.
        guard canvas.width(of: text, style) <= cellWidth - 2, cellHeight >= 14 else { continue }
        let ink = [palette.text, palette.background].max {
          $0.contrast(with: ground) < $1.contrast(with: ground)
        }
        canvas.write(
          text, at: Point(cell.x + cellWidth / 2, cell.y + cellHeight / 2 + 4.3),
          with: ink ?? palette.text, style)
      }
    }
  }

  /// The color of a number: pale near zero, blue below it.
  private func color(_ value: Float, _ palette: Palette) -> Color {
    let fraction = min(1, Double(abs(value) / fullScale))
    let full =
      palette.isGray
      ? Color.black : (value < 0 ? palette.colorsAgainst : palette.colorsFor)[value < 0 ? 1 : 2]
    return palette.background.mixed(with: full, 0.75 * fraction)
  }
}

/// Bands of equal area between heights of a surface, and the lines between them.
struct HeightMark: Mark {
  let field: HeightField
  /// The number of lines of equal height.
  private let levelCount = 15

  init(_ field: HeightField) { self.field = field }

  func draw(in area: inout PlotArea) {
    let levels = field.levels(levelCount)
    let box = area.box
    area.canvas.draw(
      field.bitmap(
        width: Int(box.width), height: Int(box.height), levels: levels,
        colors: area.palette.heights),
      in: box)
    for level in levels {
      var path = Path()
      for (start, end) in field.contour(at: level) {
        path.append(.polyline([area.position(of: start), area.position(of: end)]))
      }
      area.canvas.stroke(path, with: area.palette.contour, Stroke(width: 0.8))
    }
  }
}

/// Equal cells in rows, each filled with a color.
struct CellsMark: Mark {
  let columns: Int
  /// Row by row from the lowest, `columns` in each row.
  let colors: [Color]
  /// The region of each cell.
  let regions: [Int?]
  /// The color of the lines between cells of different regions; nil for none.
  let borderColor: Color?

  private var rows: Int { colors.count / columns }

  func draw(in area: inout PlotArea) {
    for (index, color) in colors.enumerated() {
      let corner = corner(index % columns, index / columns + 1, in: area.box)
      // A little larger, so that no seams show.
      let cell = Rectangle(
        x: corner.x, y: corner.y, width: area.box.width / Double(columns) + 0.4,
        height: area.box.height / Double(rows) + 0.4)
      area.canvas.fill(.rectangle(cell), with: color)
    }
    if let borderColor {
      area.canvas.stroke(borders(in: area.box), with: borderColor, Stroke(width: 1.5))
    }
  }

  private func corner(_ column: Int, _ row: Int, in box: Rectangle) -> Point {
    Point(
      box.x + Double(column) * box.width / Double(columns),
      box.bottom - Double(row) * box.height / Double(rows))
  }

  private func borders(in box: Rectangle) -> Path {
    func side(_ start: (Int, Int), _ end: (Int, Int)) -> Path {
      .polyline([corner(start.0, start.1, in: box), corner(end.0, end.1, in: box)])
    }
    var path = Path()
    for (index, region) in regions.enumerated() {
      let (row, column) = (index / columns, index % columns)
      if column + 1 < columns, regions[index + 1] != region {
        path.append(side((column + 1, row), (column + 1, row + 1)))
      }
      if row + 1 < rows, regions[index + columns] != region {
        path.append(side((column, row + 1), (column + 1, row + 1)))
      }
    }
    return path
  }
}

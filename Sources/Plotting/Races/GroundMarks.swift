internal import Foundation

/// Bands between heights of a surface, and the lines between them.
struct HeightMark: Mark {
  let field: HeightField
  /// The heights of the lines, ascending.
  let levels: [Double]
  /// What is written on every second line; empty for nothing.
  private let labels: [String]

  /// Bands of equal area.
  init(_ field: HeightField) {
    self.field = field
    levels = field.levels(15)
    labels = []
  }

  /// Bands of equal ratio, with their heights.
  ///
  /// Where a height is not above zero, bands of equal area.
  init(logarithmic field: HeightField) {
    self.field = field
    let heights = field.values.filter(\.isFinite)
    let low = heights.min() ?? 0
    // Of cliffs at the edge, the height does not matter.
    let high = min(heights.max() ?? 1, low * Self.highest)
    let ticks = low > 0 && low < high ? Ticks(over: low...high, .logarithmic, limit: 14) : nil
    guard let ticks, ticks.values.count < Self.fewestLevels else {
      levels = ticks?.values ?? field.levels(15)
      labels = ticks?.labels ?? levels.map(NumberFormat.plain.text)
      return
    }
    // Round numbers are too far apart.
    levels = (1..<10).map { low * pow(high / low, Double($0) / 10) }
    labels = levels.map(NumberFormat.plain.text)
  }

  /// Fewer lines show no shape.
  private static let fewestLevels = 6

  /// The highest line, as a multiple of the lowest place.
  private static let highest = 2000.0

  func writeLabel(in area: inout PlotArea) {
    let middle = Point(area.box.x + area.box.width / 2, area.box.y + area.box.height / 2)
    for (index, label) in labels.enumerated() where index.isMultiple(of: 2) {
      // Up and to the right of the middle first, where a reader looks for them.
      func distance(_ place: Point) -> Double {
        let (x, y) = (place.x - middle.x, middle.y - place.y)
        return abs(x - y) + (x > 0 && y > 0 ? 0 : area.box.width)
      }
      let places = field.contour(at: levels[index]).map { area.position(of: $0.0) }
        .sorted { distance($0) < distance($1) }
      area.writeLabel(
        label, onOneOf: Array(places.prefix(60)),
        with: area.palette.secondaryText, .tick)
    }
  }

  func draw(in area: inout PlotArea) {
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

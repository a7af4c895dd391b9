/// Which lowest place each start leads to.
public struct BasinFigure: Sendable {
  /// What became of a marble from one start.
  public struct Cell: Hashable, Sendable {
    /// The index of the place it rolled to; nil when it came to none.
    public var basin: Int?
    /// How long it took, as a part of all steps, 0...1.
    public var time: Double

    /// Creates a cell.
    public init(basin: Int?, time: Double) {
      self.basin = basin
      self.time = time
    }
  }

  let title: String, subtitle: String, footer: String
  let x: ClosedRange<Double>, y: ClosedRange<Double>
  let columns: Int
  let cells: [Cell]
  let basins: [DataPoint]
  let theme: Theme

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - cells: Row by row from the lowest y.
  ///   - basins: The places that were rolled to.
  /// - Precondition: The rows are full.
  public init(
    title: String, subtitle: String, footer: String, x: ClosedRange<Double>,
    y: ClosedRange<Double>, columns: Int, cells: [Cell], basins: [DataPoint], theme: Theme
  ) {
    precondition(columns > 0 && cells.count % columns == 0, "\(cells.count) in rows of \(columns)")
    (self.title, self.subtitle, self.footer) = (title, subtitle, footer)
    (self.x, self.y, self.columns) = (x, y, columns)
    (self.cells, self.basins, self.theme) = (cells, basins, theme)
  }

  /// Writes the figure: a PNG of 1600 × 1200 pixels or a vector file.
  ///
  /// - Throws: `PictureError.unwritable`; nothing is left behind then.
  public func write(
    to path: String, format: CairoCanvas.FileFormat = .png
  ) throws(PictureError) {
    try CairoCanvas.write(
      to: path, format: format, width: 800, height: 600, scale: 2, draw(on:))
  }

  /// Fills a canvas of 800 × 600 with the figure.
  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    let box = Rectangle(x: 76, y: 104, width: 696, height: 408)
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, palette)
    let rows = cells.count / columns
    let (width, height) = (box.width / Double(columns), box.height / Double(rows))
    for (index, cell) in cells.enumerated() {
      let (row, column) = (index / columns, index % columns)
      canvas.fill(
        .rectangle(
          // A little over the edge, so that no seam shows.
          Rectangle(
            x: box.x + Double(column) * width, y: box.bottom - Double(row + 1) * height,
            width: width + 0.4, height: height + 0.4)),
        with: color(of: cell))
    }
    // In grey a pale place looks like a fast way to the next one.
    if theme == .print {
      canvas.stroke(borders(in: box), with: palette.text, Stroke(width: 1.5))
    }
    let axes = Axes(horizontal: Axis("start x", x), vertical: Axis("start y", y), marks: [])
    AxesDrawing(
      axes: axes, box: box, palette: palette.withoutGrid, isLowest: true, canvas: canvas
    ).draw()
    let (across, up) = (
      axes.horizontal.scale(from: box.x, to: box.right),
      axes.vertical.scale(from: box.bottom, to: box.y)
    )
    for basin in basins {
      let center = Point(across.position(of: basin.x), up.position(of: basin.y))
      guard box.contains(center) else { continue }
      canvas.fill(.star(center: center, radius: 11), with: palette.background)
      canvas.fill(.star(center: center, radius: 8), with: palette.text)
    }
  }

  /// Lines between neighbouring starts that lead to different places.
  private func borders(in box: Rectangle) -> Path {
    let rows = cells.count / columns
    let (width, height) = (box.width / Double(columns), box.height / Double(rows))
    func corner(_ column: Int, _ row: Int) -> Point {
      Point(box.x + Double(column) * width, box.bottom - Double(row) * height)
    }
    var path = Path()
    for (index, cell) in cells.enumerated() {
      let (row, column) = (index / columns, index % columns)
      if column + 1 < columns, cells[index + 1].basin != cell.basin {
        path.append(.polyline([corner(column + 1, row), corner(column + 1, row + 1)]))
      }
      if row + 1 < rows, cells[index + columns].basin != cell.basin {
        path.append(.polyline([corner(column, row + 1), corner(column + 1, row + 1)]))
      }
    }
    return path
  }

  /// The colour of the place, paler the longer it took.
  private func color(of cell: Cell) -> Color {
    let palette = theme.palette
    guard let basin = cell.basin else { return palette.background }
    let color = basin < palette.series.count ? palette.series[basin] : palette.context
    return color.mixed(with: palette.background, 0.25 + 0.5 * cell.time.squareRoot())
  }
}

/// Which lowest place each start leads to.
public struct BasinFigure: TitledFigure {
  /// The result of a marble from one start.
  public struct Cell: Hashable, Sendable {
    /// The index of the place it rolled to; nil if it reached none.
    public var basin: Int?
    /// How long it took, as a fraction of all steps, 0...1.
    public var time: Double

    /// Creates a cell.
    public init(basin: Int?, time: Double) {
      self.basin = basin
      self.time = time
    }
  }

  public var title: String
  public let size = Size(800, 600)
  public var captions: [String] { [reading, subtitle].filter { !$0.isEmpty } }
  private let reading: String, subtitle: String, footer: String
  private let x: ClosedRange<Double>, y: ClosedRange<Double>
  private let columns: Int
  private let cells: [Cell]
  private let basins: [DataPoint]
  private let theme: Theme

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - cells: Row by row from the lowest y.
  ///   - basins: The places that marbles rolled to.
  /// - Precondition: The rows are full.
  public init(
    title: String, reading: String = "", subtitle: String, footer: String, x: ClosedRange<Double>,
    y: ClosedRange<Double>, columns: Int, cells: [Cell], basins: [DataPoint], theme: Theme
  ) {
    precondition(columns > 0 && cells.count % columns == 0, "\(cells.count) in rows of \(columns)")
    (self.title, self.reading) = (title, reading)
    (self.subtitle, self.footer) = (subtitle, footer)
    (self.x, self.y, self.columns) = (x, y, columns)
    (self.cells, self.basins, self.theme) = (cells, basins, theme)
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(
      title: title, reading: reading, subtitle: subtitle, footer: footer, palette)
    let top = AxesFigureLayout.headHeight + canvas.readingHeight(reading)
    let box = Rectangle(
      x: 76, y: top, width: canvas.width - 104, height: canvas.height - 88 - top)
    var drawing = AxesDrawing(axes, in: box, palette, on: canvas)
    drawing.draw()
  }

  private var axes: Axes {
    let palette = theme.palette
    let ground = CellsMark(
      columns: columns, colors: colors, regions: cells.map(\.basin),
      // In gray, a pale basin would look like a quick start of another.
      borderColor: palette.isGray ? palette.text : nil)
    return Axes(
      horizontal: Axis("start x", x), vertical: Axis("start y", y), hasGrid: false,
      marks: [
        ground,
        .points(basins, Marker(.star, radius: 11, palette.background)),
        .points(basins, Marker(.star, radius: 8, palette.text)),
      ])
  }

  /// The color of the place each start leads to, fainter the longer it takes.
  private var colors: [Color] {
    let palette = theme.palette
    let basinColors = theme.basinColors(count: basins.count)
    return cells.map { cell in
      guard let basin = cell.basin else { return palette.background }
      let color = basin < basinColors.count ? basinColors[basin] : palette.context
      return color.mixed(with: palette.background, 0.25 + 0.5 * cell.time.squareRoot())
    }
  }
}

extension Theme {
  /// Colors for basins that can still be told apart when they are faint.
  package func basinColors(count: Int) -> [Color] {
    // The ink of group 0 would look like no color.
    let groups = [5, 4, 3, 1, 6, 7, 2]
    return pens(for: (0..<count).map { $0 < groups.count ? groups[$0] : nil }).map(\.color)
  }
}

/// The positions of the parts of a figure with axes.
struct AxesFigureLayout {
  /// Free space around everything.
  static let margin = 28.0
  /// The baseline of the legend below a head without a reading.
  static let legendHeight = 90.0
  /// From one row of the legend to the next, and from the last one to the axes.
  static let legendPitch = 20.0, legendGap = 28.0
  /// The upper edge of axes below such a head.
  static let headHeight = 104.0
  /// Room between two rows for the title of the lower one.
  private static let rowGap = 40.0
  /// Height of the axes below the main ones, and the room above them.
  private static let stripHeight = 46.0, stripGap = 44.0
  /// Room for tick labels, axis title and footer.
  private static let footHeight = 88.0

  /// The inside of each pair of axes.
  let boxes: [Rectangle]

  init(_ figure: AxesFigure, on canvas: any Canvas) {
    func widest(_ texts: [String], _ style: TextStyle) -> Double {
      texts.map { canvas.width(of: $0, style) }.max() ?? 0
    }
    let ticks = figure.axes.flatMap(\.vertical.ticks.labels)
    let labels = figure.axes.flatMap(\.endLabels)
    let left = Self.margin + widest(ticks, .tick) + 10
    var labelRoom = 0.0
    if !labels.isEmpty {
      labelRoom =
        min(widest(labels.map(\.text), .label), AxesDrawing.widestLabel(on: canvas))
        + AxesDrawing.swatchWidth(for: labels.count) + AxesDrawing.labelGap
    }
    let top =
      Self.headHeight + canvas.readingHeight(figure.reading)
      + Self.height(ofLegend: canvas.legendRows(figure.legend).count)
    let box = Rectangle(
      x: left, y: top, width: canvas.width - Self.margin - labelRoom - left,
      height: canvas.height - Self.footHeight - canvas.footerHeight(figure.footer) - top)
    boxes =
      figure.columns.map { columns in
        Self.grid(
          of: figure.axes.count, columns: canvas.isNarrow ? 1 : columns, in: box,
          gap: Size(left, Self.rowGap))
      } ?? Self.strips(of: figure.axes.count, in: box)
  }

  private static func height(ofLegend rows: Int) -> Double {
    rows == 0 ? 0 : legendGap + legendPitch * Double(rows - 1)
  }

  /// Main axes, and strips of fixed height below them.
  private static func strips(of count: Int, in box: Rectangle) -> [Rectangle] {
    let pitch = stripHeight + stripGap
    let mainHeight = box.height - Double(count - 1) * pitch
    return (0..<count).map { index in
      guard index > 0 else {
        return Rectangle(x: box.x, y: box.y, width: box.width, height: mainHeight)
      }
      let y = box.y + mainHeight + stripGap + Double(index - 1) * pitch
      return Rectangle(x: box.x, y: y, width: box.width, height: stripHeight)
    }
  }

  /// Equal boxes, row by row.
  private static func grid(
    of count: Int, columns: Int, in box: Rectangle, gap: Size
  ) -> [Rectangle] {
    let rows = (count + columns - 1) / columns
    let width = (box.width - Double(columns - 1) * gap.width) / Double(columns)
    let height = (box.height - Double(rows - 1) * gap.height) / Double(rows)
    return (0..<count).map { index in
      Rectangle(
        x: box.x + Double(index % columns) * (width + gap.width),
        y: box.y + Double(index / columns) * (height + gap.height), width: width, height: height)
    }
  }
}

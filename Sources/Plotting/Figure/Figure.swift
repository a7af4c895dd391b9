/// A titled picture of one or more pairs of axes: one above the other over the same horizontal axis,
/// or side by side in a grid.
public struct Figure: Hashable, Sendable {
  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// Row by row in a grid; otherwise the main axes first, then strips of fixed height.
  public var axes: [Axes]
  /// How many axes of equal size stand in a row; nil for strips below one another.
  public var columns: Int?
  /// Says where the numbers come from.
  public var footer: String
  /// The colours.
  public var theme: Theme

  /// Creates a figure.
  public init(
    title: String, subtitle: String, axes: [Axes], columns: Int? = nil, footer: String,
    theme: Theme
  ) {
    self.title = title
    self.subtitle = subtitle
    self.axes = axes
    self.columns = columns
    self.footer = footer
    self.theme = theme
  }

  /// Fills a canvas with the figure; meant for 800 × 500 canvas units.
  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, palette)
    let layout = FigureLayout(self, on: canvas)
    for (index, box) in layout.boxes.enumerated() {
      AxesDrawing(
        axes: axes[index], box: box, palette: palette,
        isLowest: index + (columns ?? 1) >= axes.count,
        canvas: canvas
      ).draw()
    }
  }
}

/// Where the parts of a figure lie.
struct FigureLayout {
  /// Free space around everything.
  static let margin = 28.0
  /// The inside of each pair of axes.
  let boxes: [Rectangle]

  init(_ figure: Figure, on canvas: any Canvas) {
    func widest(_ texts: [String], _ style: TextStyle) -> Double {
      texts.map { canvas.width(of: $0, style) }.max() ?? 0
    }
    let ticks = figure.axes.flatMap(\.vertical.ticks.labels)
    let labels = figure.axes.flatMap(\.endLabels)
    let swatch = AxesDrawing.swatchWidth(for: labels.count)
    let left = Self.margin + widest(ticks, .tick) + 10
    let labelRoom =
      labels.isEmpty
      ? 0
      : min(widest(labels.map(\.text), .label), AxesDrawing.widestLabel) + swatch
        + AxesDrawing.labelGap
    let width = canvas.width - Self.margin - labelRoom - left
    // Title and subtitle above; tick labels, axis title and footer below.
    let top = 104.0
    let bottom = canvas.height - 88
    if let columns = figure.columns {
      boxes = Self.grid(
        of: figure.axes.count, columns: columns,
        in: Rectangle(x: left, y: top, width: width, height: bottom - top),
        gap: Point(left, Self.gridGap))
      return
    }
    let stripHeight = 46.0
    let gap = 44.0
    let mainHeight = bottom - top - Double(figure.axes.count - 1) * (stripHeight + gap)
    boxes = figure.axes.indices.map { index in
      Rectangle(
        x: left,
        y: index == 0
          ? top : top + mainHeight + gap + Double(index - 1) * (stripHeight + gap),
        width: width, height: index == 0 ? mainHeight : stripHeight)
    }
  }
}

extension FigureLayout {
  /// Room between two rows for the title of the lower one.
  private static let gridGap = 40.0

  /// Equal boxes, row by row.
  static func grid(
    of count: Int, columns: Int, in box: Rectangle, gap: Point
  ) -> [Rectangle] {
    let rows = (count + columns - 1) / columns
    let width = (box.width - Double(columns - 1) * gap.x) / Double(columns)
    let height = (box.height - Double(rows - 1) * gap.y) / Double(rows)
    return (0..<count).map { index in
      Rectangle(
        x: box.x + Double(index % columns) * (width + gap.x),
        y: box.y + Double(index / columns) * (height + gap.y), width: width, height: height)
    }
  }
}

extension Figure {
  /// Writes the figure: a PNG of 1600 × 1000 pixels or a vector file of 800 × 500 points.
  ///
  /// - Throws: `PictureError.unwritable`; nothing is left behind then.
  public func write(
    to path: String, format: CairoCanvas.FileFormat = .png
  ) throws(PictureError) {
    try CairoCanvas.write(
      to: path, format: format, width: TrainingFigure.width, height: TrainingFigure.height,
      scale: 2, draw(on:))
  }
}

extension TextStyle {
  static let title = TextStyle(size: 20, bold: true)
  static let axisTitle = TextStyle(size: 15)
  static let label = TextStyle(size: 13, bold: true)
  static let tick = TextStyle(size: 13)
  static let note = TextStyle(size: 13)
}

extension Canvas {
  /// Fills everything with the background.
  func drawBackground(_ palette: Palette) {
    fill(.rectangle(Rectangle(x: 0, y: 0, width: width, height: height)), with: palette.background)
  }

  /// Writes what stands above and below a picture; what is too long is cut off.
  func drawWords(title: String, subtitle: String, footer: String, _ palette: Palette) {
    let room = width - 2 * FigureLayout.margin
    for (text, y, style, color) in [
      (title, 38, TextStyle.title, palette.text),
      (subtitle, 60, .note, palette.secondaryText),
      (footer, height - 16, .note, palette.secondaryText),
    ] where !text.isEmpty {
      write(shortened(text, style, to: room), at: Point(FigureLayout.margin, y), with: color, style)
    }
  }

  /// A text cut off with an ellipsis where it is wider than `room`.
  func shortened(_ text: String, _ style: TextStyle, to room: Double) -> String {
    guard width(of: text, style) > room else { return text }
    var kept = text
    while !kept.isEmpty, width(of: kept + "…", style) > room { kept.removeLast() }
    return kept + "…"
  }
}

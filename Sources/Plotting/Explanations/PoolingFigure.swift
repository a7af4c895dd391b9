internal import Support

/// A feature map before and after pooling, and some of its numbers.
public struct PoolingFigure: Figure {
  /// A row and a column, from 0.
  public struct Place: Hashable, Sendable {
    /// Counted from 0.
    public var row: Int, column: Int

    /// Creates a place.
    public init(row: Int, column: Int) { (self.row, self.column) = (row, column) }
  }

  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// The map before and after.
  public var before: HeatMap, after: HeatMap
  /// The part of both whose numbers are shown, pixels.
  public var inputPart: Rectangle, outputPart: Rectangle
  /// These numbers, row by row.
  public var inputs: [[Float]], outputs: [[Float]]
  /// The inputs that were kept, each a row and a column from 0; none where means are.
  public var winners: [Place]
  /// The windows among the inputs, in cells; none where they overlap.
  public var windows: [Rectangle]
  /// The colors.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: There are numbers before and after.
  public init(
    title: String, subtitle: String, before: HeatMap, after: HeatMap, inputPart: Rectangle,
    outputPart: Rectangle, inputs: [[Float]], outputs: [[Float]],
    winners: [Place], windows: [Rectangle], theme: Theme = .light
  ) {
    precondition(!inputs.isEmpty && !outputs.isEmpty, "a pooling without numbers")
    (self.title, self.subtitle, self.before, self.after) = (title, subtitle, before, after)
    (self.inputPart, self.outputPart) = (inputPart, outputPart)
    (self.inputs, self.outputs, self.winners) = (inputs, outputs, winners)
    (self.windows, self.theme) = (windows, theme)
  }

  public var size: Size {
    Size(
      2 * margin + 2 * side + grid.width + small.width + 3 * gap, top + max(side, grid.height) + 60)
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, subtitle: subtitle, palette)
    var x = margin
    picture(before, inputPart, "before: \(before.height) × \(before.width)", x, on: canvas)
    x += side + gap
    head("numbers in the frame", x, on: canvas)
    grid.draw(at: Point(x, top), palette, on: canvas)
    for window in windows {
      canvas.stroke(
        .rectangle(
          Rectangle(
            x: x + window.x * grid.cellWidth, y: top + window.y * grid.cellHeight,
            width: window.width * grid.cellWidth, height: window.height * grid.cellHeight)),
        with: palette.context, Stroke(width: 1.2))
    }
    for place in winners {
      canvas.stroke(
        .rectangle(
          grid.box(
            rows: place.row..<place.row + 1, columns: place.column..<place.column + 1,
            at: Point(x, top))), with: palette.text, Stroke(width: 2.5))
    }
    arrow(from: x + grid.width, on: canvas)
    x += grid.width + gap
    head("what is kept", x, on: canvas)
    small.draw(at: Point(x, top), palette, on: canvas)
    arrow(from: x + small.width, on: canvas)
    x += small.width + gap
    picture(after, outputPart, "after: \(after.height) × \(after.width)", x, on: canvas)
  }

  private var scale: Float { NumberGrid.scale(of: (inputs + outputs).joined()) }
  private var grid: NumberGrid { NumberGrid(values: inputs, fullScale: scale, cellHeight: 27) }
  private var small: NumberGrid { NumberGrid(values: outputs, fullScale: scale, cellHeight: 27) }

  private func picture(
    _ map: HeatMap, _ part: Rectangle, _ words: String, _ x: Double, on canvas: any Canvas
  ) {
    head(words, x, on: canvas)
    let pixel = side / Double(map.width)
    canvas.draw(
      map.bitmap(theme).magnified(max(1, Int(2 * side) / map.width)),
      in: Rectangle(x: x, y: top, width: side, height: pixel * Double(map.height)))
    let frame = Path.rectangle(
      Rectangle(
        x: x + part.x * pixel, y: top + part.y * pixel, width: part.width * pixel,
        height: part.height * pixel))
    canvas.stroke(frame, with: theme.palette.background, Stroke(width: 5))
    canvas.stroke(
      frame, with: theme.palette.series[theme.palette.isGray ? 0 : 1], Stroke(width: 2.5))
  }

  private func arrow(from x: Double, on canvas: any Canvas) {
    canvas.write(
      "→", at: Point(x + gap / 2, top + 40), with: theme.palette.text,
      TextStyle(size: 20, bold: true, alignment: .center))
  }

  private func head(_ words: String, _ x: Double, on canvas: any Canvas) {
    canvas.write(words, at: Point(x, top - 10), with: theme.palette.text, .label)
  }

  private var margin: Double { AxesFigureLayout.margin }
  private let side = 220.0, gap = 36.0, top = 112.0
}

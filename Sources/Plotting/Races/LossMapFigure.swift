/// The loss of a network over a plane of its parameters, with the paths that training took.
public struct LossMapFigure: MovingFigure {
  public var title: String
  public let size = Size(800, 640)
  private let subtitle: String, footer: String
  private let field: HeightField
  private let horizontal: String, vertical: String
  private let paths: [RacePath]
  /// One for each path.
  private let pens: [Pen]
  private let theme: Theme

  /// The map, a square beside a table.
  private func box(on canvas: any Canvas) -> Rectangle {
    let side = min(canvas.width - 364, canvas.height - 204)
    return Rectangle(x: 76, y: 104, width: side, height: side)
  }

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - field: Losses.
  ///   - horizontal: What x is.
  ///   - vertical: What y is.
  ///   - paths: Of networks; the values are their losses. One point is a network that did not move.
  public init(
    title: String, subtitle: String, footer: String, field: HeightField, horizontal: String,
    vertical: String, paths: [RacePath], theme: Theme = .light
  ) {
    self.title = title
    self.subtitle = subtitle
    self.footer = footer + (paths.contains { $0.points.count > 1 } ? " · ○ start" : "")
    self.field = field
    self.horizontal = horizontal
    self.vertical = vertical
    self.paths = paths
    self.theme = theme
    pens = theme.pens(for: paths.map(\.group))
  }

  public func draw(on canvas: any Canvas) {
    drawBackground(on: canvas)
    drawMarbles(paths, on: canvas)
  }

  public func drawBackground(on canvas: any Canvas) {
    canvas.drawBackground(theme.palette)
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, theme.palette)
    var drawing = axes(on: canvas)
    drawing.draw()
    drawTable(on: canvas)
  }

  private func axes(on canvas: any Canvas) -> AxesDrawing {
    AxesDrawing(
      Axes(
        horizontal: Axis(horizontal, field.x), vertical: Axis(vertical, field.y), hasGrid: false,
        marks: [HeightMark(logarithmic: field)]),
      in: box(on: canvas), theme.palette, on: canvas)
  }

  // MARK: What moves

  public var steps: [Int] { paths.steps }
  public var millisecondsPerStep: Int { 100 }

  public func drawMarbles(after step: Int, on canvas: any Canvas) {
    drawMarbles(paths.map { $0.until(step) }, on: canvas)
    let box = box(on: canvas)
    canvas.writeStep(step, endingAt: Point(box.right - 8, box.y + 20), theme.palette)
  }

  private func drawMarbles(_ paths: [RacePath], on canvas: any Canvas) {
    var marks: [any Mark] = zip(paths, pens).map { path, pen in
      TrailMark(points: path.points, pen: pen, boldCount: path.points.count, hasDots: true)
    }
    marks.append(MarblesMark(at: paths.compactMap(\.points.last), pens.map(\.color)))
    var drawing = axes(on: canvas)
    drawing.draw(marks)
  }

  // MARK: Words

  private static let rowHeight = 46.0, mostRows = 9

  /// Number, name and loss of each network.
  private func drawTable(on canvas: any Canvas) {
    let palette = theme.palette
    let box = box(on: canvas)
    let left = box.right + 28
    for (index, path) in paths.prefix(Self.mostRows).enumerated() {
      let y = box.y + 10 + Self.rowHeight * Double(index)
      Ball(number: index + 1, pens[index].color)
        .draw(at: Point(left, y), radius: 8.5, palette, on: canvas)
      let hidden = index == Self.mostRows - 1 ? paths.count - Self.mostRows : 0
      let name = hidden > 0 ? "and \(hidden + 1) more" : path.label
      let room = canvas.width - left - 16 - AxesFigureLayout.margin
      canvas.write(
        canvas.shortened(name, .label, to: room), at: Point(left + 16, y + 4.5),
        with: palette.text, .label)
      canvas.write(
        canvas.shortened(path.outcome, .tick, to: room), at: Point(left + 16, y + 22.5),
        with: palette.secondaryText, .tick)
    }
  }
}

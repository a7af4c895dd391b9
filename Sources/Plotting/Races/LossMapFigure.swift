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
    drawLand(with: marks(of: paths), on: canvas)
    drawTable(on: canvas)
    drawLosses(of: paths, on: canvas)
  }

  public func drawBackground(on canvas: any Canvas) {
    drawLand(with: [], on: canvas)
    drawTable(on: canvas)
  }

  /// Draws the map with marks, from which the labels of its levels keep away.
  private func drawLand(with marks: [any Mark], on canvas: any Canvas) {
    canvas.drawBackground(theme.palette)
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, theme.palette)
    var drawing = axes(with: [HeightMark(logarithmic: field)] + marks, on: canvas)
    drawing.draw()
  }

  private func axes(with marks: [any Mark], on canvas: any Canvas) -> AxesDrawing {
    AxesDrawing(
      Axes(
        horizontal: Axis(horizontal, field.x), vertical: Axis(vertical, field.y), hasGrid: false,
        marks: marks),
      in: box(on: canvas), theme.palette, on: canvas)
  }

  // MARK: What moves

  public var steps: [Int] { paths.steps }
  public var millisecondsPerStep: Int { 100 }

  public func drawMarbles(after step: Int, on canvas: any Canvas) {
    let walked = paths.map { $0.until(step) }
    var drawing = axes(with: [], on: canvas)
    drawing.draw(marks(of: walked))
    drawLosses(of: walked, on: canvas)
    let box = box(on: canvas)
    canvas.writeStep(step, endingAt: Point(box.right - 8, box.y + 20), theme.palette)
  }

  private func marks(of paths: [RacePath]) -> [any Mark] {
    zip(paths, pens).map { path, pen in
      TrailMark(points: path.points, pen: pen, boldCount: path.points.count, hasDots: true)
    } + [MarblesMark(at: paths.compactMap(\.points.last), pens.map(\.color))]
  }

  // MARK: Words

  private static let rowHeight = 46.0, mostRows = 9

  /// Where the row of a network begins.
  private func place(ofRow index: Int, on canvas: any Canvas) -> Point {
    let box = box(on: canvas)
    return Point(box.right + 28, box.y + 10 + Self.rowHeight * Double(index))
  }

  /// Number and name of each network.
  private func drawTable(on canvas: any Canvas) {
    for (index, path) in paths.prefix(Self.mostRows).enumerated() {
      let place = place(ofRow: index, on: canvas)
      Ball(number: index + 1, pens[index].color)
        .draw(at: place, radius: 8.5, theme.palette, on: canvas)
      write(
        isLastOfMore(index) ? "and \(paths.count - index) more" : path.label, .label,
        at: Point(place.x + 16, place.y + 4.5), theme.palette.text, on: canvas)
    }
  }

  /// The loss of each network so far; how it ended, of one at the end of its path.
  private func drawLosses(of walked: [RacePath], on canvas: any Canvas) {
    for (index, path) in walked.prefix(Self.mostRows).enumerated() where !isLastOfMore(index) {
      let place = place(ofRow: index, on: canvas)
      let isAtEnd = path.points.count == paths[index].points.count
      write(
        isAtEnd ? path.outcome : "loss \(NumberFormat.plain.text(path.values.last ?? .nan))", .tick,
        at: Point(place.x + 16, place.y + 22.5), theme.palette.secondaryText, on: canvas)
    }
  }

  /// Whether a row stands for all networks that have none.
  private func isLastOfMore(_ index: Int) -> Bool {
    index == Self.mostRows - 1 && paths.count > Self.mostRows
  }

  private func write(
    _ text: String, _ style: TextStyle, at place: Point, _ color: Color, on canvas: any Canvas
  ) {
    let room = canvas.width - place.x - AxesFigureLayout.margin
    canvas.write(canvas.shortened(text, style, to: room), at: place, with: color, style)
  }
}

/// Marbles on a map or a curve, their height over the steps beside it, and how each one ended.
public struct RaceFigure: MovingFigure {
  /// The surface that the marbles roll on.
  public enum Ground: Hashable, Sendable {
    /// Heights over two directions, and the known lowest places.
    case map(HeightField, minima: [DataPoint])
    /// Heights over one direction, from left to right.
    case curve([DataPoint], minima: [DataPoint])
  }

  public var title: String
  public let size = Size.race
  public var captions: [String] { [reading, subtitle].filter { !$0.isEmpty } }
  let theme: Theme
  let paths: [RacePath]
  /// One for each path.
  let pens: [Pen]
  private let reading: String, subtitle: String, footer: String
  let ground: Ground
  let isAboveLowest: Bool

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - reading: Says what there is to see; empty for a moving figure, which tells it itself.
  ///   - isAboveLowest: Whether the values are heights above the lowest place, which are drawn on a
  ///     logarithmic axis.
  /// - Precondition: There is a path.
  public init(
    title: String, reading: String = "", subtitle: String, footer: String, ground: Ground,
    paths: [RacePath],
    isAboveLowest: Bool, theme: Theme = .light
  ) {
    precondition(!paths.isEmpty, "a race without marbles")
    self.title = title
    self.reading = reading
    self.subtitle = subtitle
    self.footer = footer
    self.ground = ground
    self.paths = paths
    self.isAboveLowest = isAboveLowest
    self.theme = theme
    pens = theme.pens(for: paths.map(\.group))
  }

  /// The greatest number of steps.
  var stepCount: Int { paths.map { $0.points.count - 1 }.max() ?? 0 }

  public func draw(on canvas: any Canvas) {
    drawBackground(on: canvas)
    drawMarbles(after: stepCount, trail: stepCount + 1, on: canvas)
  }

  // MARK: What stands still

  /// Draws everything but marbles, their trails and how they ended.
  public func drawBackground(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    canvas.drawWords(
      title: title, reading: reading, subtitle: subtitle, footer: footer, palette)
    let layout = layout(on: canvas)
    for (axes, box) in [(groundAxes, layout.ground), (valueAxes, layout.values)] {
      var drawing = AxesDrawing(axes, in: box, palette, on: canvas)
      drawing.draw()
    }
    drawTable(on: canvas)
  }

  // MARK: What moves

  public var steps: [Int] { Array(0...stepCount) }
  public var millisecondsPerStep: Int { 40 }

  public func drawMarbles(after step: Int, on canvas: any Canvas) {
    drawMarbles(after: step, trail: Self.trail, on: canvas)
    let ground = layout(on: canvas).ground
    canvas.writeStep(step, endingAt: Point(ground.right - 8, ground.y + 20), palette)
  }

  /// Steps that are drawn bold behind a moving marble.
  private static let trail = 40

  /// Draws where the marbles are after a step, and how those that have ended by then did.
  ///
  /// - Parameter trail: The number of last steps that are drawn bold behind a marble.
  func drawMarbles(after step: Int, trail: Int, on canvas: any Canvas) {
    let palette = theme.palette
    let layout = layout(on: canvas)
    var ground = AxesDrawing(groundAxes, in: layout.ground, palette, on: canvas)
    ground.draw(groundMarks(after: step, trail: trail))
    var values = AxesDrawing(valueAxes, in: layout.values, palette, on: canvas)
    values.draw(valueMarks(after: step))
    drawOutcomes(after: step, on: canvas)
  }

  private func groundMarks(after step: Int, trail: Int) -> [any Mark] {
    var marks: [any Mark] = zip(paths, pens).map { path, pen in
      TrailMark(
        points: Array(path.points.prefix(step + 1)), pen: pen, boldCount: trail,
        // On a gray map, dashes distinguish the paths, and dots would fill their gaps.
        hasDots: path.points.count <= 150 && !(palette.isGray && isMap))
    }
    switch ground {
    case .map(_, let minima), .curve(_, let minima): marks.append(StarsMark(places: minima))
    }
    for (path, pen) in zip(paths, pens) where step < path.slopes.count {
      marks.append(
        TangentMark(at: path.point(at: step), slope: path.slopes[step], pen.color))
    }
    marks.append(MarblesMark(at: paths.map { $0.point(at: step) }, pens.map(\.color)))
    return marks
  }

  private func valueMarks(after step: Int) -> [any Mark] {
    zip(paths, pens).flatMap { path, pen -> [any Mark] in
      let heights = path.values.prefix(step + 1).enumerated().map { DataPoint(Double($0), $1) }
      guard let last = heights.last else { return [] }
      return [.line(heights, pen), .annotation(last, Marker(.dot, radius: 4, pen.color))]
    }
  }

  // MARK: Layout

  /// Where the parts are; room beyond the size of the design is the ground's.
  struct Layout {
    let ground: Rectangle, values: Rectangle
    /// The left and the upper edge of the table.
    let tableLeft: Double, tableTop: Double
  }

  func layout(on canvas: any Canvas) -> Layout {
    let top = AxesFigureLayout.headHeight + canvas.readingHeight(reading)
    let (width, height) = (canvas.width - 466, canvas.height - 88 - top)
    let tableTop = canvas.height - 60 - tableHeight
    return Layout(
      ground: Rectangle(x: 76, y: top, width: width, height: height),
      values: Rectangle(x: width + 162, y: top, width: 276, height: tableTop - 72 - top),
      tableLeft: width + 110, tableTop: tableTop)
  }

  var palette: Palette { theme.palette }

  var isMap: Bool { if case .map = ground { true } else { false } }
}

/// A surface in three dimensions with the trajectories of marbles on it.
public struct LandscapeFigure: MovingFigure {
  public var title: String
  public let size = Size.race
  public var captions: [String] { [reading, subtitle].filter { !$0.isEmpty } }
  private let reading: String, subtitle: String, footer: String
  let field: HeightField
  let minima: [DataPoint]
  let paths: [RacePath]
  /// One for each path.
  let pens: [Pen]
  let theme: Theme
  /// Heights as they are drawn, 0...1.
  let relief: Relief
  /// Whether paths have heights of their own, off the surface.
  let areLifted: Bool
  private(set) var camera: Perspective

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - reading: Says what there is to see; empty if the subtitle does.
  ///   - areLifted: Whether the values of a path are its true heights, as it leaves the plane of
  ///     the surface: it is drawn there, with lines down or up to the surface.
  public init(
    title: String, reading: String = "", subtitle: String, footer: String, field: HeightField,
    minima: [DataPoint],
    paths: [RacePath], areLifted: Bool = false, theme: Theme = .light
  ) {
    self.title = title
    self.reading = reading
    self.subtitle = subtitle
    self.field = field
    self.minima = minima
    self.paths = paths
    pens = theme.pens(for: paths.map(\.group))
    self.theme = theme
    relief = Relief(field)
    self.areLifted = areLifted
    self.footer = footer + (relief.isLogarithmic ? " · heights logarithmic" : "")
    camera = Self.camera(for: size, theme)
  }

  /// A camera that shows the land in the middle of a canvas.
  private static func camera(for room: Size, _ theme: Theme) -> Perspective {
    let center = Point(room.width / 2 - 30, room.height / 2 + (theme == .synthwave ? 85 : 40))
    return Perspective(center: center, scale: 238)
  }

  public func draw(on canvas: any Canvas) {
    let scene = filling(canvas)
    let trails = paths.map(scene.trail)
    scene.drawScene(trails, on: canvas)
    scene.drawMarbles(trails, on: canvas)
    scene.drawHeights(on: canvas)
    scene.drawWords(details: paths.map(\.detail), on: canvas)
  }

  /// The same seen by a camera for the size of a canvas.
  private func filling(_ canvas: any Canvas) -> LandscapeFigure {
    var scene = self
    scene.camera = Self.camera(for: Size(canvas.width, canvas.height), theme)
    return scene
  }

  private func drawScene(_ trails: [Trail], on canvas: any Canvas) {
    canvas.drawBackground(theme.palette)
    if theme == .synthwave { Sunset(width: canvas.width, height: canvas.height).draw(on: canvas) }
    draw(land + stars + zip(trails, pens).flatMap(parts), on: canvas)
    drawHidden(trails, on: canvas)
  }

  /// Draws from the farthest to the nearest: near parts hide those behind them.
  private func draw(_ parts: [Part], on canvas: any Canvas) {
    for part in parts.sorted(by: { $0.depth > $1.depth }) { part.draw(canvas) }
  }

  // MARK: What moves

  public var steps: [Int] { paths.steps }
  public var millisecondsPerStep: Int { 100 }

  public func drawBackground(on canvas: any Canvas) {
    let scene = filling(canvas)
    scene.drawScene([], on: canvas)
    scene.drawHeights(on: canvas)
    // The details of a network are of its last place.
    scene.drawWords(details: paths.map { _ in "" }, on: canvas)
  }

  /// Draws the marbles and their trails, those behind a hill as well.
  public func drawMarbles(after step: Int, on canvas: any Canvas) {
    let scene = filling(canvas)
    let trails = paths.map { scene.trail(of: $0.until(step)) }
    scene.draw(zip(trails, pens).flatMap(scene.parts), on: canvas)
    scene.drawMarbles(trails, on: canvas)
    canvas.writeStep(
      step, endingAt: Point(canvas.width - 28, canvas.height - 60), theme.palette)
  }

  // MARK: Where things are

  /// A part of the scene, drawn in order of its distance.
  struct Part {
    /// How far away it is.
    var depth: Double
    var draw: (any Canvas) -> Void
  }

  /// A value of a range as -1...1.
  func unit(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    2 * (value - range.lowerBound) / (range.upperBound - range.lowerBound) - 1
  }

  // MARK: Words

  /// Draws the scale of heights at the leftmost corner.
  private func drawHeights(on canvas: any Canvas) {
    let palette = theme.palette
    let corners = [(-1.0, -1.0), (-1, 1), (1, -1), (1, 1)]
    guard
      let corner = corners.min(by: {
        camera.project($0.0, $0.1, 0).point.x < camera.project($1.0, $1.1, 0).point.x
      })
    else { return }
    func place(_ height: Double) -> Point { camera.project(corner.0, corner.1, height).point }
    canvas.stroke(
      .polyline([place(0), place(1)]), with: palette.secondaryText, Stroke(width: 1.2))
    let ticks = relief.ticks(spacing: Self.tickSpacing / abs(place(0).y - place(1).y))
    for (height, label) in zip(ticks.heights, ticks.labels) {
      let end = place(height)
      canvas.stroke(
        .polyline([end, Point(end.x - 6, end.y)]), with: palette.secondaryText, Stroke(width: 1.2))
      canvas.write(
        label, at: Point(end.x - 10, end.y + 4.5), with: palette.secondaryText,
        TextStyle(size: 13, alignment: .trailing))
    }
  }

  /// From one tick of the heights to the next, canvas units.
  private static let tickSpacing = 26.0
  private static let mostNames = 22

  private func drawWords(details: [String], on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawWords(
      title: title, reading: reading, subtitle: subtitle, footer: footer, palette)
    let (left, top) = (canvas.width - 190, 92 + canvas.readingHeight(reading))
    for (index, path) in paths.prefix(Self.mostNames).enumerated() {
      let y = top + 20 * Double(index)
      drawBall(index, at: Point(left, y), radius: 9, on: canvas)
      let hidden = index == Self.mostNames - 1 ? paths.count - Self.mostNames : 0
      let detail = details[index].isEmpty ? "" : " \(details[index])"
      // Of a long name and its rate, the name is cut.
      let room = 146 - canvas.width(of: detail, .label)
      canvas.write(
        hidden > 0
          ? "and \(hidden + 1) more" : canvas.shortened(path.label, .label, to: room) + detail,
        at: Point(left + 16, y + 4.5), with: palette.text, .label)
    }
  }
}

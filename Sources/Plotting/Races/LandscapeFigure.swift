/// A surface in three dimensions with the trajectories of marbles on it.
public struct LandscapeFigure: Figure {
  public let title: String
  public let size = Size.race
  private let subtitle: String, footer: String
  let field: HeightField
  private let minima: [DataPoint]
  private let paths: [RacePath]
  /// One for each path.
  private let pens: [Pen]
  let theme: Theme
  /// Heights as they are drawn, 0...1.
  let relief: Relief
  /// Whether paths have heights of their own, off the surface.
  private let areLifted: Bool
  let camera: Perspective

  /// Prepares a figure.
  ///
  /// - Parameter areLifted: Whether the values of a path are its true heights, as it leaves the
  ///   plane of the surface: it is drawn there, with lines down or up to the surface.
  public init(
    title: String, subtitle: String, footer: String, field: HeightField, minima: [DataPoint],
    paths: [RacePath], areLifted: Bool = false, theme: Theme = .light
  ) {
    self.title = title
    self.subtitle = subtitle
    self.field = field
    self.minima = minima
    self.paths = paths
    pens = theme.pens(for: paths.map(\.group))
    self.theme = theme
    relief = Relief(field)
    self.areLifted = areLifted
    self.footer = footer + (relief.isLogarithmic ? " · heights logarithmic" : "")
    camera = Perspective(center: Point(450, theme == .synthwave ? 385 : 340), scale: 238)
  }

  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    if theme == .synthwave { Sunset(width: canvas.width, height: canvas.height).draw(on: canvas) }
    // From the farthest to the nearest: near parts hide those behind them.
    for part in (land + trails).sorted(by: { $0.depth > $1.depth }) { part.draw(canvas) }
    drawMarbles(on: canvas)
    drawHeights(on: canvas)
    drawWords(on: canvas)
  }

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

  /// The place of a point on the surface, or at a height of its own.
  private func project(
    _ point: DataPoint, at height: Double? = nil, lift: Double = 0
  ) -> (point: Point, depth: Double)? {
    guard field.x.contains(point.x), field.y.contains(point.y) else { return nil }
    let column = (unit(point.x, field.x) + 1) / 2 * Double(field.columns - 1)
    let row = (unit(point.y, field.y) + 1) / 2 * Double(field.rows - 1)
    return camera.project(
      unit(point.x, field.x), unit(point.y, field.y),
      relief.height(height ?? field.interpolated(column: column, row: row)) + lift)
  }

  /// Stars on the lowest places, and behind every marble its trajectory.
  private var trails: [Part] {
    let palette = theme.palette
    let starColor = theme == .synthwave ? palette.series[0] : palette.text
    var parts: [Part] = minima.compactMap { minimum in
      project(minimum, lift: 0.01).map { place in
        Part(depth: place.depth - Self.bias) { canvas in
          Marker(.star, radius: 9, starColor).draw(at: [place.point], on: canvas)
        }
      }
    }
    for (path, pen) in zip(paths, pens) {
      let places = path.points.indices.map { project(path, $0, lift: 0.012) }
      if areLifted { parts += lifts(path, places, pen.color) }
      for (start, end) in zip(places, places.dropFirst()) {
        guard let start, let end else { continue }
        let piece = Path.polyline([start.point, end.point])
        parts.append(
          Part(depth: (start.depth + end.depth) / 2 - Self.bias) { canvas in
            drawTrail(piece, pen.color, on: canvas)
          })
      }
    }
    return parts
  }

  /// The place of a point of a path.
  private func project(
    _ path: RacePath, _ index: Int, lift: Double
  ) -> (point: Point, depth: Double)? {
    project(path.points[index], at: areLifted ? path.values[index] : nil, lift: lift)
  }

  /// Lines between a path and the surface.
  private func lifts(
    _ path: RacePath, _ places: [(point: Point, depth: Double)?], _ color: Color
  ) -> [Part] {
    zip(path.points, places).compactMap { point, top in
      guard let top, let foot = project(point) else { return nil }
      let line = Path.polyline([foot.point, top.point])
      return Part(depth: (foot.depth + top.depth) / 2 - Self.bias) { canvas in
        canvas.stroke(line, with: color.opacity(0.55), Stroke(width: 1))
      }
    }
  }

  private func drawTrail(_ piece: Path, _ color: Color, on canvas: any Canvas) {
    if theme == .synthwave { canvas.stroke(piece, with: color.opacity(0.22), Stroke(width: 8)) }
    canvas.stroke(piece, with: color, Stroke(width: 2.8))
  }

  /// Draws marbles at the end of their trajectories, even where land hides them; those at the same
  /// place are side by side.
  private func drawMarbles(on canvas: any Canvas) {
    let land = Rectangle(x: 0, y: 0, width: 780, height: size.height)
    var crowd = Crowd()
    for (index, path) in paths.enumerated() {
      guard let last = path.points.indices.last(where: { project(path, $0, lift: 0) != nil }),
        let place = project(path, last, lift: 0.03)
      else { continue }
      let center = crowd.place(at: place.point, in: land)
      drawBall(index, at: center, pens[index].color, on: canvas)
    }
  }

  /// How much nearer than the land below an object counts, so that the land does not hide it.
  private static let bias = 0.12

  private func drawBall(_ index: Int, at center: Point, _ color: Color, on canvas: any Canvas) {
    let palette = theme.palette
    canvas.fill(
      .ellipse(center: Point(center.x, center.y + 8), radiusX: 9, radiusY: 3.5),
      with: Color.black.opacity(0.3))
    canvas.fill(
      .circle(center: center, radius: 9),
      with: theme == .print
        ? .color(color)
        : .radial(
          center: Point(center.x - 2, center.y - 3), radius: 13,
          stops: [
            Paint.Stop(0, color.mixed(with: .white, 0.35)), Paint.Stop(0.5, color),
            Paint.Stop(1, color.mixed(with: .black, 0.45)),
          ]))
    canvas.write(
      "\(index + 1)", at: Point(center.x, center.y + 4.2), with: palette.background,
      TextStyle(size: 12, bold: true, alignment: .center))
  }

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
    for height in [0, 0.5, 1] {
      let end = place(height)
      canvas.stroke(
        .polyline([end, Point(end.x - 6, end.y)]), with: palette.secondaryText, Stroke(width: 1.2))
      canvas.write(
        NumberFormat.plain.text(relief.value(height)), at: Point(end.x - 10, end.y + 4.5),
        with: palette.secondaryText, TextStyle(size: 13, alignment: .trailing))
    }
  }

  private func drawWords(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, palette)
    for (index, path) in paths.prefix(22).enumerated() {
      let y = 92 + 20 * Double(index)
      drawBall(index, at: Point(800, y), pens[index].color, on: canvas)
      canvas.write(
        canvas.shortened("\(path.label) \(path.detail)", .label, to: 120), at: Point(816, y + 4.5),
        with: palette.text, .label)
    }
  }
}

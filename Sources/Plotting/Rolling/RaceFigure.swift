internal import Foundation

/// Marbles on a map or a curve, their height over the steps beside it, and how each one ended.
public struct RaceFigure: Sendable {
  /// What the marbles roll on.
  public enum Ground: Hashable, Sendable {
    /// Heights over two directions, and the known lowest places.
    case map(HeightField, minima: [DataPoint])
    /// Heights over one direction, from left to right.
    case curve([DataPoint], minima: [DataPoint])
  }

  /// Canvas units; a PNG has twice as many pixels.
  public static let width = 960.0, height = 600.0

  let title: String, subtitle: String, footer: String
  let ground: Ground
  let paths: [RacePath]
  let isAboveLowest: Bool
  let theme: Theme

  /// Prepares a figure.
  ///
  /// - Parameter isAboveLowest: Whether the values are heights above the lowest place: they are drawn
  ///   over a logarithmic axis then.
  /// - Precondition: There is a path.
  public init(
    title: String, subtitle: String, footer: String, ground: Ground, paths: [RacePath],
    isAboveLowest: Bool, theme: Theme = .light
  ) {
    precondition(!paths.isEmpty, "a race without marbles")
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
    self.ground = ground
    self.paths = paths
    self.isAboveLowest = isAboveLowest
    self.theme = theme
  }

  /// The greatest number of steps.
  var stepCount: Int { paths.map { $0.points.count - 1 }.max() ?? 0 }

  /// Fills a canvas of `width` × `height` with the finished race.
  public func draw(on canvas: any Canvas) {
    drawBackground(on: canvas)
    drawMarbles(upTo: stepCount, on: canvas)
  }

  /// Writes the figure: a PNG of 1920 × 1200 pixels or a vector file.
  ///
  /// - Throws: `PictureError.unwritable`; nothing is left behind then.
  public func write(
    to path: String, format: CairoCanvas.FileFormat = .png
  ) throws(PictureError) {
    try CairoCanvas.write(
      to: path, format: format, width: Self.width, height: Self.height, scale: 2, draw(on:))
  }

  // MARK: Layout

  static let groundBox = Rectangle(x: 76, y: 104, width: 494, height: 408)
  private static let rowHeight = 19.0
  private static let listed = 12

  private var listTop: Double { 540 - Self.rowHeight * Double(min(paths.count, Self.listed)) }

  var valueBox: Rectangle {
    Rectangle(x: 656, y: 104, width: 276, height: listTop - 72 - 104)
  }

  var groundAxes: Axes {
    switch ground {
    case .map(let field, _):
      Axes(horizontal: Axis("x", field.x), vertical: Axis("y", field.y), marks: [])
    case .curve(let curve, _):
      Axes(
        horizontal: Axis("x", (curve.first?.x ?? 0)...(curve.last?.x ?? 1)),
        vertical: Axis("f(x)", curveRange(curve)), marks: [])
    }
  }

  private func curveRange(_ curve: [DataPoint]) -> ClosedRange<Double> {
    let heights = curve.map(\.y).filter(\.isFinite)
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
    let margin = max(high - low, 1e-9) * 0.06
    return low - margin...high + margin
  }

  var valueAxes: Axes {
    let all = paths.flatMap(\.values).filter(\.isFinite)
    let start = paths.map { $0.values[0] }.filter(\.isFinite).max() ?? 1
    let horizontal = Axis("step", 0...Double(max(1, stepCount)), tickLimit: 5)
    // What runs away must not press everything else flat.
    let high = min(all.max() ?? 1, max(start, 1e-9) * 1e3)
    if isAboveLowest {
      let low = max(all.filter { $0 > 0 }.min() ?? 1e-9, 1e-12)
      let domain = pow(10, floor(log10(low)))...pow(10, ceil(log10(max(high, low * 10))))
      return Axes(
        horizontal: horizontal,
        vertical: Axis("height above the lowest place", domain, .logarithmic, tickLimit: 7),
        marks: [])
    }
    let low = max(all.min() ?? 0, start - 1e3 * max(1, abs(start)))
    let top = max(start, min(all.max() ?? 1, start + (start - low)))
    return Axes(
      horizontal: horizontal,
      vertical: Axis("height", Ticks.niceDomain(around: low...max(top, low + 1e-9))), marks: [])
  }

  // MARK: What stands still

  func drawBackground(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height)),
      with: palette.background)
    let room = canvas.width - 2 * FigureLayout.margin
    for (text, y, style, color) in [
      (title, 38, TextStyle.title, palette.text),
      (subtitle, 60, .note, palette.secondaryText),
      (footer, canvas.height - 16, .note, palette.secondaryText),
    ] where !text.isEmpty {
      canvas.write(
        canvas.shortened(text, style, to: room), at: Point(FigureLayout.margin, y), with: color,
        style)
    }
    drawGround(on: canvas)
    AxesDrawing(
      axes: valueAxes, box: valueBox, palette: palette, isLowest: true, canvas: canvas
    ).draw()
    drawList(on: canvas)
  }

  private func drawGround(on canvas: any Canvas) {
    let box = Self.groundBox
    let palette = theme.palette
    var frame = palette
    if case .map(let field, _) = ground {
      let levels = field.levels(15)
      canvas.draw(
        field.picture(
          width: Int(box.width), height: Int(box.height), levels: levels, colors: palette.heights),
        in: box)
      for level in levels {
        var path = Path()
        for (a, b) in field.contour(at: level) {
          path.append(.polyline([position(a), position(b)]))
        }
        canvas.stroke(path, with: palette.contour, Stroke(width: 0.8))
      }
      frame = palette.withoutGrid
    }
    AxesDrawing(axes: groundAxes, box: box, palette: frame, isLowest: true, canvas: canvas).draw()
    let minima: [DataPoint]
    switch ground {
    case .map(_, let places): minima = places
    case .curve(let curve, let places):
      minima = places
      canvas.stroke(
        .polyline(curve.map(position), clippedTo: box), with: palette.text, Stroke(width: 2))
    }
    for minimum in minima {
      canvas.fill(.star(center: position(minimum), radius: 9), with: palette.text)
    }
  }

  private func drawList(on canvas: any Canvas) {
    let palette = theme.palette
    for (index, path) in paths.prefix(Self.listed).enumerated() {
      let y = listTop + Self.rowHeight * (Double(index) + 0.5)
      drawMarble(index, at: Point(616, y), radius: 7.5, on: canvas)
      let pen = path.style.pen(theme)
      canvas.stroke(.polyline([Point(630, y), Point(656, y)]), with: pen.color, pen.stroke)
      let hidden = index == Self.listed - 1 ? paths.count - Self.listed : 0
      let name = hidden > 0 ? "\(path.label) and \(hidden) more" : path.label
      canvas.write(
        canvas.shortened(name, .label, to: 108), at: Point(664, y + 4.5), with: palette.text,
        .label)
      canvas.write(
        canvas.shortened(path.detail, .tick, to: 56), at: Point(776, y + 4.5),
        with: palette.secondaryText, .tick)
      canvas.write(
        canvas.shortened(path.outcome, .tick, to: 104), at: Point(836, y + 4.5),
        with: palette.secondaryText, .tick)
    }
  }

  // MARK: What moves

  /// Steps of which the way is drawn bold behind a marble.
  private static let trail = 40

  func drawMarbles(upTo step: Int, on canvas: any Canvas) {
    let box = Self.groundBox
    let values = valueAxes
    let (horizontal, vertical) = (
      values.horizontal.scale(from: valueBox.x, to: valueBox.right),
      values.vertical.scale(from: valueBox.bottom, to: valueBox.y)
    )
    for path in paths {
      let pen = path.style.pen(theme)
      let way = path.points.prefix(step + 1).map(position)
      canvas.stroke(
        .polyline(way, clippedTo: box), with: pen.color.opacity(0.45), Stroke(width: 1.2))
      canvas.stroke(
        .polyline(Array(way.suffix(Self.trail)), clippedTo: box), with: pen.color, pen.stroke)
      if path.points.count <= 150 {
        let radius = 2.2
        var dots = Path()
        for place in way where box.contains(place) {
          dots.append(.circle(center: place, radius: radius))
        }
        canvas.fill(dots, with: pen.color)
      }
      let heights = path.values.prefix(step + 1).enumerated().map {
        Point(horizontal.position(of: Double($0)), vertical.position(of: $1))
      }
      canvas.stroke(.polyline(heights, clippedTo: valueBox), with: pen.color, pen.stroke)
    }
    for (index, path) in paths.enumerated() where step < path.slopes.count {
      drawTangent(at: path.point(at: step), slope: path.slopes[step], path.style, on: canvas)
      _ = index
    }
    for (index, path) in paths.enumerated().reversed() {
      let place = position(path.point(at: step))
      drawMarble(
        index, at: box.clamp(place), radius: 9, isInside: box.contains(place), on: canvas)
      let last = min(step, path.values.count - 1)
      let end = Point(
        horizontal.position(of: Double(last)), vertical.position(of: path.values[last]))
      canvas.fill(
        .circle(center: valueBox.clamp(end), radius: 4), with: path.style.pen(theme).color)
    }
  }

  /// The straight line that touches the curve where a marble is.
  private func drawTangent(
    at point: DataPoint, slope: Double, _ style: MarbleStyle, on canvas: any Canvas
  ) {
    let box = Self.groundBox
    let touch = position(point)
    let other = position(DataPoint(point.x + 1, point.y + slope))
    let length = hypot(other.x - touch.x, other.y - touch.y)
    guard length > 0, length.isFinite else { return }
    let (dx, dy) = ((other.x - touch.x) / length * 62, (other.y - touch.y) / length * 62)
    canvas.stroke(
      .polyline(
        [Point(touch.x - dx, touch.y - dy), Point(touch.x + dx, touch.y + dy)], clippedTo: box),
      with: style.pen(theme).color.opacity(0.8), Stroke(width: 1.6))
  }

  /// A ball with its number; hollow where the marble is beyond the edge.
  private func drawMarble(
    _ index: Int, at center: Point, radius: Double, isInside: Bool = true, on canvas: any Canvas
  ) {
    let palette = theme.palette
    let color = palette.marble(paths[index].style.family)
    let ball = Path.circle(center: center, radius: radius)
    canvas.fill(.circle(center: center, radius: radius + 1.5), with: palette.background)
    if isInside {
      canvas.fill(ball, with: color)
    } else {
      canvas.stroke(ball, with: color, Stroke(width: 2))
    }
    canvas.write(
      "\(index + 1)", at: Point(center.x, center.y + radius * 0.46),
      with: isInside ? palette.background : color,
      TextStyle(size: radius * 1.3, bold: true, alignment: .center))
  }

  private func position(_ point: DataPoint) -> Point {
    let axes = groundAxes
    let box = Self.groundBox
    return Point(
      axes.horizontal.scale(from: box.x, to: box.right).position(of: point.x),
      axes.vertical.scale(from: box.bottom, to: box.y).position(of: point.y))
  }
}

extension Path {
  /// A star of five points.
  static func star(center: Point, radius: Double) -> Path {
    polyline(
      (0..<10).map { index in
        let angle = Double(index) * .pi / 5 - .pi / 2
        let length = index.isMultiple(of: 2) ? radius : radius * 0.42
        return Point(center.x + length * cos(angle), center.y + length * sin(angle))
      }, closed: true)
  }
}

extension Palette {
  /// The same colours with a grid that cannot be seen.
  var withoutGrid: Palette {
    var palette = self
    palette.grid = grid.opacity(0)
    return palette
  }
}

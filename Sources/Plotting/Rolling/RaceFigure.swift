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
    drawMarbles(upTo: stepCount, trail: stepCount + 1, on: canvas)
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

  /// Whether paths lie on one line.
  var isCurve: Bool { if case .curve = ground { true } else { false } }

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
    canvas.drawBackground(palette)
    canvas.drawWords(title: title, subtitle: subtitle, footer: footer, palette)
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
        .polyline(curve.map(position), clippedTo: box), with: palette.context, Stroke(width: 2.5))
    }
    for minimum in minima {
      canvas.fill(.star(center: position(minimum), radius: 9), with: palette.text)
    }
  }

  private func drawList(on canvas: any Canvas) {
    let palette = theme.palette
    for (index, path) in paths.prefix(Self.listed).enumerated() {
      let y = listTop + Self.rowHeight * (Double(index) + 0.5)
      drawMarble(index, at: Point(604, y), radius: 7.5, on: canvas)
      let pen = path.style.pen(theme)
      canvas.stroke(.polyline([Point(617, y), Point(641, y)]), with: pen.color, pen.stroke)
      let hidden = index == Self.listed - 1 ? paths.count - Self.listed : 0
      let name = hidden > 0 ? "\(path.label) and \(hidden) more" : path.label
      canvas.write(
        canvas.shortened(name, .label, to: 104), at: Point(648, y + 4.5), with: palette.text,
        .label)
      canvas.write(
        canvas.shortened(path.detail, .tick, to: 54), at: Point(756, y + 4.5),
        with: palette.secondaryText, .tick)
      canvas.write(
        canvas.shortened(path.outcome, .tick, to: 122), at: Point(814, y + 4.5),
        with: palette.secondaryText, .tick)
    }
  }

  func position(_ point: DataPoint) -> Point {
    let axes = groundAxes
    let box = Self.groundBox
    return Point(
      axes.horizontal.scale(from: box.x, to: box.right).position(of: point.x),
      axes.vertical.scale(from: box.bottom, to: box.y).position(of: point.y))
  }
}

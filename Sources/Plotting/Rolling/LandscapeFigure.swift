internal import Foundation

/// A surface in three dimensions with the paths of marbles on it.
public struct LandscapeFigure: Sendable {
  /// Canvas units; a PNG has twice as many pixels.
  public static let width = 960.0, height = 600.0

  private let title: String, subtitle: String, footer: String
  private let field: HeightField
  private let minima: [DataPoint]
  private let paths: [RacePath]
  private let theme: Theme
  /// Heights as they are drawn, 0...1.
  private let relief: Relief
  private let camera: Perspective

  /// Prepares a figure.
  public init(
    title: String, subtitle: String, footer: String, field: HeightField, minima: [DataPoint],
    paths: [RacePath], theme: Theme = .light
  ) {
    self.title = title
    self.subtitle = subtitle
    self.field = field
    self.minima = minima
    self.paths = paths
    self.theme = theme
    relief = Relief(field)
    self.footer = footer + (relief.isLogarithmic ? " · heights logarithmic" : "")
    camera = Perspective(center: Point(480, theme == .synthwave ? 385 : 340), scale: 238)
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

  /// Fills a canvas of `width` × `height` with the figure.
  public func draw(on canvas: any Canvas) {
    let palette = theme.palette
    canvas.drawBackground(palette)
    if theme == .synthwave { Sunset(width: canvas.width, height: canvas.height).draw(on: canvas) }
    // From the farthest to the nearest: what is near hides what is behind it.
    for part in (land + ways).sorted(by: { $0.depth > $1.depth }) { part.draw(canvas) }
    drawHeights(on: canvas)
    drawWords(on: canvas)
  }

  private struct Part {
    var depth: Double
    var draw: (any Canvas) -> Void
  }

  private func unit(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    2 * (value - range.lowerBound) / (range.upperBound - range.lowerBound) - 1
  }

  private func project(_ point: DataPoint, lift: Double = 0) -> (point: Point, depth: Double)? {
    guard field.x.contains(point.x), field.y.contains(point.y) else { return nil }
    let column = (unit(point.x, field.x) + 1) / 2 * Double(field.columns - 1)
    let row = (unit(point.y, field.y) + 1) / 2 * Double(field.rows - 1)
    return camera.project(
      unit(point.x, field.x), unit(point.y, field.y),
      relief.height(field.interpolated(column: column, row: row)) + lift)
  }

  private var land: [Part] {
    var corners: [(point: Point, depth: Double)] = []
    var heights: [Double] = []
    for row in 0..<field.rows {
      for column in 0..<field.columns {
        let height = relief.height(field[column, row])
        heights.append(height)
        corners.append(
          camera.project(
            unit(field.x(column), field.x), unit(field.y(row), field.y), height))
      }
    }
    var parts: [Part] = []
    for row in 0..<field.rows - 1 {
      for column in 0..<field.columns - 1 {
        let first = row * field.columns + column
        let indices = [first, first + 1, first + 1 + field.columns, first + field.columns]
        let depth = indices.reduce(0) { $0 + corners[$1].depth } / 4
        let height = indices.reduce(0) { $0 + heights[$1] } / 4
        let slant = heights[first + 1] + heights[indices[2]] - heights[first] - heights[indices[3]]
        let outline = Path.polyline(indices.map { corners[$0].point }, closed: true)
        let (fill, line) = colors(height: height, slant: slant, depth: depth)
        parts.append(
          Part(depth: depth) { canvas in
            canvas.fill(outline, with: fill)
            canvas.stroke(outline, with: line.color, line.stroke)
          })
      }
    }
    return parts
  }

  /// What a piece of land is filled with, and its outline.
  private func colors(height: Double, slant: Double, depth: Double) -> (Color, Pen) {
    let palette = theme.palette
    // 0 near, 1 far.
    let far = min(1, max(0, (depth + 1.3) / 2.6))
    switch theme {
    case .synthwave:
      let line = palette.series[4].mixed(with: palette.series[1], far)
      return (
        palette.background.mixed(with: Color(hex: 0x3A1260), 0.25 + 0.5 * height),
        Pen(line.opacity(0.95 - 0.35 * far), width: 1.5 - 0.8 * far)
      )
    case .light:
      // Light from the left.
      let shade = min(0.35, max(0, 0.12 + slant * 1.2))
      let fill = [Color(hex: 0xA9C3EE), Color(hex: 0xDCE7F8), Color(hex: 0xFFFFFF)]
        .color(at: height).mixed(with: Color(hex: 0x5D6F97), shade)
      return (fill, Pen(Color(hex: 0x6F86B4).opacity(0.55), width: 0.6))
    case .print:
      return (palette.background, Pen(palette.contour, width: 0.6))
    }
  }

  private var ways: [Part] {
    let palette = theme.palette
    var parts: [Part] = []
    // Before the piece of land it lies on, and its neighbours.
    let bias = 0.12
    for minimum in minima {
      guard let place = project(minimum, lift: 0.01) else { continue }
      parts.append(
        Part(depth: place.depth - bias) { canvas in
          canvas.fill(
            .star(center: place.point, radius: 9),
            with: theme == .synthwave ? palette.series[0] : palette.text)
        })
    }
    for (index, path) in paths.enumerated() {
      let pen = path.style.pen(theme)
      for (a, b) in zip(path.points, path.points.dropFirst()) {
        guard let start = project(a, lift: 0.012), let end = project(b, lift: 0.012) else {
          continue
        }
        let piece = Path.polyline([start.point, end.point])
        parts.append(
          Part(depth: (start.depth + end.depth) / 2 - bias) { canvas in
            if theme == .synthwave {
              canvas.stroke(piece, with: pen.color.opacity(0.22), Stroke(width: 8))
            }
            canvas.stroke(piece, with: pen.color, Stroke(width: 2.8))
          })
      }
      guard let last = path.points.last(where: { project($0) != nil }),
        let ball = project(last, lift: 0.03)
      else { continue }
      parts.append(
        Part(depth: ball.depth - 2 * bias) { canvas in
          drawBall(index, at: ball.point, pen.color, on: canvas)
        })
    }
    return parts
  }

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

  /// The scale of heights on the corner farthest to the left.
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
    for (index, path) in paths.prefix(12).enumerated() {
      let y = 92 + 20 * Double(index)
      drawBall(index, at: Point(790, y), path.style.pen(theme).color, on: canvas)
      canvas.write(
        canvas.shortened("\(path.label) \(path.detail)", .label, to: 124), at: Point(806, y + 4.5),
        with: palette.text, .label)
    }
  }
}

/// How heights are drawn: as they are, or their logarithms where most of the land is low.
struct Relief: Sendable {
  let isLogarithmic: Bool
  private let low: Double, high: Double
  /// Added to heights above the lowest before taking the logarithm.
  private let offset: Double

  init(_ field: HeightField) {
    let sorted = field.values.filter(\.isFinite).sorted()
    low = sorted.first ?? 0
    high = max(sorted.last ?? 1, low + 1e-12)
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    isLogarithmic = (median - low) / (high - low) < 0.12
    offset = (high - low) / 500
  }

  /// 0...1.
  func height(_ value: Double) -> Double {
    let above = min(max(value, low), high) - low
    guard isLogarithmic else { return above / (high - low) }
    return log(1 + above / offset) / log(1 + (high - low) / offset)
  }

  /// The height on the surface that is drawn at a height of 0...1.
  func value(_ height: Double) -> Double {
    guard isLogarithmic else { return low + height * (high - low) }
    return low + offset * (exp(height * log(1 + (high - low) / offset)) - 1)
  }
}

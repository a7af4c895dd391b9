internal import Foundation

// What moves: marbles, their trails, and their heights so far.
extension RaceFigure {
  /// Draws where the marbles are after a step.
  ///
  /// - Parameter trail: Steps of which the way is drawn bold behind a marble.
  func drawMarbles(upTo step: Int, trail: Int, on canvas: any Canvas) {
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
        .polyline(Array(way.suffix(trail)), clippedTo: box), with: pen.color, pen.stroke)
      // On a grey map the dashes tell paths apart, and dots would fill their gaps.
      if path.points.count <= 150, theme != .print || isCurve {
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
    for path in paths where step < path.slopes.count {
      drawTangent(at: path.point(at: step), slope: path.slopes[step], path.style, on: canvas)
    }
    var taken: [Point] = []
    for (index, path) in paths.enumerated() {
      let place = position(path.point(at: step))
      guard place.x.isFinite, place.y.isFinite else { continue }
      var center = box.clamp(place)
      // Marbles at one place stand side by side.
      while taken.contains(where: { hypot($0.x - center.x, $0.y - center.y) < 15 }) {
        center.x += center.x > box.right - 20 ? -90 : 17
      }
      taken.append(center)
      drawMarble(index, at: center, radius: 9, isInside: box.contains(place), on: canvas)
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
  func drawMarble(
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

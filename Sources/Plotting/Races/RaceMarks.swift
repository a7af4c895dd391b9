internal import Foundation

/// The trajectory of a marble so far from a ring at its start: thin at first, bold near the marble.
struct TrailMark: Mark {
  /// From the start.
  let points: [DataPoint]
  let pen: Pen
  /// The number of last points joined by a bold line.
  let boldCount: Int
  /// Whether each point has a dot.
  let hasDots: Bool

  func draw(in area: inout PlotArea) {
    let places = points.map(area.position(of:))
    let canvas = area.canvas
    canvas.stroke(
      .polyline(places, clippedTo: area.box), with: pen.color.opacity(0.45), Stroke(width: 1.2))
    canvas.stroke(
      .polyline(places.suffix(boldCount), clippedTo: area.box), with: pen.color, pen.stroke)
    if let start = places.first, places.count > 1, area.box.contains(start) {
      Marker(.dot, radius: 5.5, area.palette.background).draw(at: [start], on: canvas)
      Marker(.ring, radius: 4.5, pen.color).draw(at: [start], on: canvas)
    }
    if hasDots {
      Marker(.dot, radius: 2.2, pen.color)
        .draw(at: places.dropFirst().filter(area.box.contains), on: canvas)
    }
  }
}

/// The tangent of a curve where a marble is.
struct TangentMark: Mark {
  let point: DataPoint
  let slope: Double
  let color: Color
  private let halfLength = 62.0

  init(at point: DataPoint, slope: Double, _ color: Color) {
    self.point = point
    self.slope = slope
    self.color = color
  }

  func draw(in area: inout PlotArea) {
    let touch = area.position(of: point)
    let other = area.position(of: DataPoint(point.x + 1, point.y + slope))
    let length = hypot(other.x - touch.x, other.y - touch.y)
    guard length > 0, length.isFinite else { return }
    let (dx, dy) = (
      (other.x - touch.x) / length * halfLength, (other.y - touch.y) / length * halfLength
    )
    let ends = [Point(touch.x - dx, touch.y - dy), Point(touch.x + dx, touch.y + dy)]
    area.canvas.stroke(
      .polyline(ends, clippedTo: area.box), with: color.opacity(0.8), Stroke(width: 1.6))
  }
}

/// Marbles with their numbers, from 1, where they are.
struct MarblesMark: Mark {
  /// In the order of their numbers.
  let places: [DataPoint]
  let colors: [Color]

  init(at places: [DataPoint], _ colors: [Color]) {
    self.places = places
    self.colors = colors
  }

  func draw(in area: inout PlotArea) {
    let box = area.box
    let positions = places.map(area.position(of:))
    let centers = positions.map { place -> Point? in
      place.x.isFinite && place.y.isFinite ? box.clamp(place) : nil
    }
    let crowd = MarbleCrowd(at: centers, in: box)
    let (palette, canvas) = (area.palette, area.canvas)
    crowd.draw(centers, colors: colors, on: canvas) { index, center, radius in
      Ball(number: index + 1, colors[index], isHollow: !box.contains(positions[index]))
        .draw(at: center, radius: radius, palette, on: canvas)
    }
    for center in (centers + crowd.tags).compactMap(\.self) { area.avoid(center, weight: 40) }
  }
}

/// A star at each lowest place, large enough to be seen around a marble that lies there.
struct StarsMark: Mark {
  let places: [DataPoint]

  /// Canvas units.
  static let radius = 17.0

  func draw(in area: inout PlotArea) {
    let inside = places.map(area.position(of:)).filter(area.box.contains)
    Marker(.star, radius: Self.radius + 3.5, area.palette.background).draw(
      at: inside, on: area.canvas)
    Marker(.star, radius: Self.radius, area.palette.text).draw(at: inside, on: area.canvas)
    for place in inside { area.avoid(place, weight: 20) }
  }
}

/// A marble with its number; hollow if it is beyond the edge.
struct Ball {
  let number: Int
  let color: Color
  let isHollow: Bool

  init(number: Int, _ color: Color, isHollow: Bool = false) {
    self.number = number
    self.color = color
    self.isHollow = isHollow
  }

  func draw(at center: Point, radius: Double, _ palette: Palette, on canvas: any Canvas) {
    let ball = Path.circle(center: center, radius: radius)
    canvas.fill(.circle(center: center, radius: radius + 1.5), with: palette.background)
    if isHollow {
      canvas.stroke(ball, with: color, Stroke(width: 2))
    } else {
      canvas.fill(ball, with: color)
    }
    canvas.write(
      "\(number)", at: Point(center.x, center.y + radius * 0.46),
      with: isHollow ? color : palette.background,
      TextStyle(size: radius * 1.3, bold: true, alignment: .center))
  }
}

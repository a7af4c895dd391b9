internal import Foundation

// Stars, and the marbles with the trajectories behind them.
extension LandscapeFigure {
  /// A place on the canvas, and how far away it is.
  private typealias Place = (point: Point, depth: Double)

  /// A trajectory as it is drawn.
  struct Trail {
    /// Straight lines that follow the surface, each with its ends' mean distance.
    fileprivate var pieces: [(start: Point, end: Point, depth: Double)] = []
    /// From places off the surface to the surface.
    fileprivate var lifts: [(start: Point, end: Point, depth: Double)] = []
    /// Where it begins and ends within the window; nil if it is never there.
    fileprivate var first: Point?, last: Point?
  }

  /// How much nearer than the land below an object counts, so that the land does not hide it.
  private static let bias = 0.05
  /// How far above the land an object lies, as a part of the highest.
  private static let lift = 0.012
  /// More pieces of one step would not be seen.
  private static let mostPieces = 200

  /// The place of a point on the surface, or at a height of its own.
  private func project(_ point: DataPoint, at height: Double? = nil, lift: Double = lift) -> Place {
    let column = (unit(point.x, field.x) + 1) / 2 * Double(field.columns - 1)
    let row = (unit(point.y, field.y) + 1) / 2 * Double(field.rows - 1)
    return camera.project(
      unit(point.x, field.x), unit(point.y, field.y),
      relief.height(height ?? field.interpolated(column: column, row: row)) + lift)
  }

  /// What the land covers, in its own units.
  private var window: Rectangle {
    Rectangle(
      x: field.x.lowerBound, y: field.y.lowerBound, width: field.x.upperBound - field.x.lowerBound,
      height: field.y.upperBound - field.y.lowerBound)
  }

  /// The part of a trajectory that is above the land.
  func trail(of path: RacePath) -> Trail {
    var trail = Trail()
    let points = path.points.map { Point($0.x, $0.y) }
    if points.count == 1, window.contains(points[0]) {
      trail.first = project(path.points[0], at: areLifted ? path.values[0] : nil).point
      trail.last = trail.first
    }
    for (index, (start, end)) in zip(points, points.dropFirst()).enumerated() {
      guard [start.x, start.y, end.x, end.y].allSatisfy(\.isFinite),
        let inside = window.clip(start, end)
      else { continue }
      let heights = areLifted ? (path.values[index], path.values[index + 1]) : nil
      // A step that was cut off at the edge has no height of its own there.
      let places = places(from: inside.start, to: inside.end, heights)
      for (a, b) in zip(places, places.dropFirst()) {
        trail.pieces.append((a.point, b.point, (a.depth + b.depth) / 2))
      }
      trail.first = trail.first ?? places.first?.point
      trail.last = places.last?.point ?? trail.last
    }
    if areLifted {
      for (point, value) in zip(path.points, path.values)
      where window.contains(Point(point.x, point.y)) {
        let (foot, top) = (project(point, lift: 0), project(point, at: value))
        trail.lifts.append((foot.point, top.point, (foot.depth + top.depth) / 2))
      }
    }
    return trail
  }

  /// Places along a step, close enough together to follow the surface.
  private func places(
    from start: Point, to end: Point, _ heights: (start: Double, end: Double)?
  ) -> [Place] {
    let cells = max(
      abs(end.x - start.x) / window.width * Double(field.columns - 1),
      abs(end.y - start.y) / window.height * Double(field.rows - 1))
    let count = heights == nil ? min(Self.mostPieces, max(1, Int(2 * cells.rounded(.up)))) : 1
    return (0...count).map { index in
      let t = Double(index) / Double(count)
      // Rounding must not lead off the land.
      let place = window.clamp(
        Point(start.x + t * (end.x - start.x), start.y + t * (end.y - start.y)))
      return project(
        DataPoint(place.x, place.y), at: heights.map { $0.start + t * ($0.end - $0.start) })
    }
  }

  private var starColor: Color {
    theme == .synthwave ? theme.palette.series[0] : theme.palette.text
  }

  private var starPlaces: [Place] {
    minima.filter { window.contains(Point($0.x, $0.y)) }.map { project($0) }
  }

  /// Stars on the lowest places.
  var stars: [Part] {
    starPlaces.map { place in
      Part(depth: place.depth - Self.bias) { drawStar(at: place.point, opacity: 1, on: $0) }
    }
  }

  private func drawStar(at place: Point, opacity: Double, on canvas: any Canvas) {
    Marker(.star, radius: StarsMark.radius, starColor.opacity(opacity))
      .draw(at: [place], on: canvas)
  }

  /// What is drawn of a trajectory between the parts of the land.
  func parts(of trail: Trail, _ pen: Pen) -> [Part] {
    let lines = trail.pieces.map { piece in
      Part(depth: piece.depth - Self.bias) { canvas in
        let path = Path.polyline([piece.start, piece.end])
        if theme == .synthwave {
          canvas.stroke(path, with: pen.color.opacity(0.22), Stroke(width: 8))
        }
        canvas.stroke(path, with: pen.color, Stroke(width: 2.8))
      }
    }
    let lifts = trail.lifts.map { lift in
      Part(depth: lift.depth - Self.bias) { canvas in
        canvas.stroke(
          .polyline([lift.start, lift.end]), with: pen.color.opacity(0.55), Stroke(width: 1))
      }
    }
    return lines + lifts
  }

  /// Draws faintly what land hides.
  func drawHidden(_ trails: [Trail], on canvas: any Canvas) {
    for place in starPlaces { drawStar(at: place.point, opacity: 0.3, on: canvas) }
    for (trail, pen) in zip(trails, pens) {
      var path = Path()
      for piece in trail.pieces { path.append(.polyline([piece.start, piece.end])) }
      canvas.stroke(path, with: pen.color.opacity(0.3), Stroke(width: 1.4))
    }
  }

  /// Draws marbles at the end of their trajectories, even where land hides them, and a ring at the
  /// start.
  func drawMarbles(_ trails: [Trail], on canvas: any Canvas) {
    for (trail, pen) in zip(trails, pens) where trail.first != trail.last {
      guard let first = trail.first else { continue }
      Marker(.dot, radius: 5.5, theme.palette.background).draw(at: [first], on: canvas)
      Marker(.ring, radius: 4.5, pen.color).draw(at: [first], on: canvas)
    }
    // The middle of a marble is above the ground by its radius.
    let centers = trails.map { trail in trail.last.map { Point($0.x, $0.y - 4) } }
    let free = Rectangle(x: 0, y: 70, width: canvas.width - 200, height: canvas.height - 110)
    let crowd = MarbleCrowd(at: centers, in: free)
    crowd.draw(centers, colors: pens.map(\.color), on: canvas) { index, center, radius in
      drawBall(index, at: center, radius: radius, on: canvas)
    }
  }

  func drawBall(_ index: Int, at center: Point, radius: Double, on canvas: any Canvas) {
    let (palette, color) = (theme.palette, pens[index].color)
    canvas.fill(
      .ellipse(
        center: Point(center.x, center.y + 0.9 * radius), radiusX: radius, radiusY: 0.4 * radius),
      with: Color.black.opacity(0.3))
    canvas.fill(
      .circle(center: center, radius: radius),
      with: theme == .print
        ? .color(color)
        : .radial(
          center: Point(center.x - 2, center.y - 3), radius: 1.45 * radius,
          stops: [
            Paint.Stop(0, color.mixed(with: .white, 0.35)), Paint.Stop(0.5, color),
            Paint.Stop(1, color.mixed(with: .black, 0.45)),
          ]))
    canvas.write(
      "\(index + 1)", at: Point(center.x, center.y + 0.46 * radius), with: palette.background,
      TextStyle(size: 1.33 * radius, bold: true, alignment: .center))
  }
}

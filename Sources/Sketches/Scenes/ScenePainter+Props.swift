internal import Plotting
internal import Tensors

/// Things that stand about, behind the animal and before it.
extension ScenePainter {
  /// A ball, a pot plant or a bowl somewhere on the ground, or nothing.
  mutating func prop() {
    let x =
      generator.chance(0.5) ? generator.number(in: 0.02...0.25) : generator.number(in: 0.75...0.98)
    let floor = generator.number(in: 0.25...0.9) * (height - horizon) + horizon
    switch generator.pick([0, 0, 1, 2, 3]) {
    case 1: ball(Point(x * width, floor))
    case 2: plant(Point(x * width, floor))
    case 3: bowl(Point(x * width, floor))
    default: break
    }
  }

  private mutating func ball(_ foot: Point) {
    let radius = unit * generator.number(in: 5...8)
    let center = Point(foot.x, foot.y - radius)
    let color = generator.pick([Color(hex: 0xD1495B), Color(hex: 0x3D7EAA), Color(hex: 0xE9B44C)])
    groundShadow(foot, radius)
    canvas.fill(
      .circle(center: center, radius: radius),
      with: .radial(
        center: Point(center.x - radius * 0.3, center.y - radius * 0.4), radius: radius * 1.5,
        stops: [
          .init(0, color.mixed(with: .white, 0.5)), .init(0.5, color),
          .init(1, color.mixed(with: .black, 0.4)),
        ]))
    canvas.clip(to: .circle(center: center, radius: radius)) {
      canvas.fill(
        .ellipse(center.x, center.y, radius * 1.2, radius * 0.22, turn: -0.5),
        with: Color.white.opacity(0.7))
    }
  }

  private mutating func bowl(_ foot: Point) {
    let size = unit * 9
    let color = fabric()
    groundShadow(foot, size)
    canvas.fill(
      .polyline(
        [
          Point(foot.x - size, foot.y), Point(foot.x + size, foot.y),
          Point(foot.x + size * 0.8, foot.y - size * 0.7),
          Point(foot.x - size * 0.8, foot.y - size * 0.7),
        ], closed: true), with: color)
    canvas.fill(
      .ellipse(
        center: Point(foot.x, foot.y - size * 0.7), radiusX: size * 0.8, radiusY: size * 0.22),
      with: Color(hex: 0x6A4B3A))
  }

  private mutating func plant(_ foot: Point) {
    let size = unit * generator.number(in: 9...12)
    let pot = fabric().mixed(with: .black, 0.15)
    groundShadow(foot, size * 0.8)
    for leaf in -2...2 {
      leafShape(
        from: Point(foot.x, foot.y - size), angle: Double(leaf) * 0.45, length: size * 2.2,
        color: foliage())
    }
    canvas.fill(
      .polyline(
        [
          Point(foot.x - size * 0.55, foot.y), Point(foot.x + size * 0.55, foot.y),
          Point(foot.x + size * 0.75, foot.y - size * 1.2),
          Point(foot.x - size * 0.75, foot.y - size * 1.2),
        ], closed: true), with: pot)
  }

  private func leafShape(from root: Point, angle: Double, length: Double, color: Color) {
    canvas.transform(translation: root, rotation: angle, scaleX: length, scaleY: length) {
      let leaf = Path.smooth([
        Point(0, 0), Point(0.13, -0.35), Point(0.1, -0.75), Point(0, -1), Point(-0.1, -0.75),
        Point(-0.13, -0.35),
      ])
      canvas.fill(leaf, with: color)
      canvas.stroke(
        .polyline([Point(0, 0), Point(0, -0.85)]), with: color.mixed(with: .white, 0.3),
        Stroke(width: 0.025))
    }
  }

  private func groundShadow(_ foot: Point, _ radius: Double) {
    canvas.fill(
      .ellipse(center: foot, radiusX: radius * 1.15, radiusY: radius * 0.25),
      with: Color(hex: 0x2B1F2B).opacity(0.3))
  }

  /// Draws what stands between the animal and the viewer.
  mutating func draw(_ obstacle: Obstacle) {
    switch obstacle {
    case .nothing: break
    case .leaves:
      let corner = generator.chance(0.5) ? 0 : width
      for _ in 0..<6 {
        leafShape(
          from: Point(corner, height * generator.number(in: 0.8...1.05)),
          angle: (corner == 0 ? 1 : -1) * generator.number(in: 0.1...1.3),
          length: unit * generator.number(in: 20...36), color: foliage())
      }
    case .fence:
      let wood = generator.pick([Color(hex: 0xE9E2D2), Color(hex: 0xA57F57), Color(hex: 0x7C8288)])
      let step = unit * generator.number(in: 26...34)
      let top = height * generator.number(in: 0.72...0.82)
      for post in 0...Int(width / step) {
        let x = (Double(post) + 0.3) * step
        let slat = Rectangle(x: x, y: top, width: unit * 6, height: height - top + unit * 5)
        canvas.fill(.rectangle(slat, radius: unit * 2), with: wood)
        canvas.stroke(
          .rectangle(slat, radius: unit * 2), with: wood.mixed(with: .black, 0.35),
          Stroke(width: unit * 0.6))
      }
    case .cushion:
      let color = fabric()
      let cushion = Path.ellipse(
        (generator.chance(0.5) ? 0.08 : 0.92) * width, height * 1.02, unit * 30, unit * 15,
        turn: generator.number(in: -0.15...0.15))
      canvas.fill(
        cushion,
        with: .linear(
          from: Point(0, height * 0.87), to: Point(0, height),
          stops: [
            .init(0, color.mixed(with: .white, 0.2)), .init(1, color.mixed(with: .black, 0.2)),
          ]))
      canvas.stroke(cushion, with: color.mixed(with: .black, 0.4), Stroke(width: unit * 0.8))
    case .grass:
      blades(70, foliage(), from: height * 0.98, to: height * 1.04, tall: 8...20)
    }
  }
}

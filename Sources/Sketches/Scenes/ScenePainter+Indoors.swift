internal import Plotting
internal import Tensors

extension ScenePainter {
  /// A wall with a painting, a floor with a rug.
  mutating func room() {
    wall()
    floor()
    if generator.chance(0.6) {
      let x = generator.number(in: 0.05...0.7)
      let frame = box(x, horizon * 0.14, 0.2, horizon * 0.4)
      canvas.fill(frame, with: Color(hex: 0x6B4E3D))
      canvas.fill(
        box(x + 0.02, horizon * 0.14 + unit * 2, 0.16, horizon * 0.4 - unit * 4), with: fabric())
    }
    if generator.chance(0.7) { rug() }
    prop()
  }

  /// A large window in the wall with a view of sky.
  mutating func window() {
    wall()
    let (x, span) = (generator.number(in: 0.05...0.4), generator.number(in: 0.4...0.55))
    let (top, tall) = (horizon * 0.08, horizon * 0.74)
    canvas.clip(to: box(x, top, span, tall)) {
      sky()
      let hill = foliage()
      canvas.fill(
        .ellipse(
          center: Point((x + span * 0.3) * width, top + tall * 1.15), radiusX: span * width * 0.7,
          radiusY: tall * 0.45), with: hill)
    }
    let frame = Color(hex: 0xF2EDE3)
    canvas.stroke(box(x, top, span, tall), with: frame, Stroke(width: unit * 3))
    canvas.stroke(
      .polyline([
        Point((x + span / 2) * width, top), Point((x + span / 2) * width, top + tall),
      ]), with: frame, Stroke(width: unit * 2))
    canvas.fill(box(x - 0.03, top + tall, span + 0.06, unit * 4), with: frame)
    floor()
    prop()
  }

  /// A sofa whose seat is the ground.
  mutating func sofa() {
    wall()
    let color = fabric()
    let dark = color.mixed(with: .black, 0.28)
    let back = height * 0.22
    for side in [0.0, 0.5] {
      canvas.fill(
        box(side - 0.01, back, 0.52, horizon - back + unit * 6, radius: 8),
        with: .linear(
          from: Point(0, back), to: Point(0, horizon),
          stops: [
            .init(0, color.mixed(with: .white, 0.14)), .init(1, color.mixed(with: .black, 0.2)),
          ]
        ))
      canvas.stroke(
        box(side - 0.01, back, 0.52, horizon - back + unit * 6, radius: 8), with: dark,
        Stroke(width: unit * 0.8))
    }
    band(horizon, height, color.mixed(with: .white, 0.2), dark)
    canvas.stroke(
      .polyline([Point(0, height * 0.93), Point(width, height * 0.93)]), with: dark,
      Stroke(width: unit * 1.2))
    if generator.chance(0.6) { pillow(at: generator.number(in: 0.05...0.95)) }
  }

  private mutating func wall() {
    let color = fabric()
    band(0, horizon + 1, color.mixed(with: .white, 0.25), color)
    guard generator.chance(0.4) else { return }
    for stripe in 0..<9 {
      canvas.fill(
        box((Double(stripe) + 0.25) / 9, 0, 0.5 / 9, horizon), with: Color.white.opacity(0.12))
    }
  }

  private mutating func floor() {
    let wood = generator.pick([
      Color(hex: 0xB98A5E), Color(hex: 0x8A6547), Color(hex: 0xCDB79A), Color(hex: 0x9A9C9E),
    ])
    band(horizon, height, wood.mixed(with: .black, 0.12), wood.mixed(with: .white, 0.1))
    for line in 1..<5 {
      let y = horizon + (height - horizon) * Double(line * line) / 25
      canvas.stroke(
        .polyline([Point(0, y), Point(width, y)]), with: Color.black.opacity(0.12),
        Stroke(width: unit * 0.5))
    }
    canvas.fill(box(0, horizon - unit * 3, 1, unit * 3), with: Color(hex: 0xEFE8DA).opacity(0.85))
  }

  private mutating func rug() {
    let color = fabric()
    let middle = Point(width * generator.number(in: 0.3...0.7), (horizon + height * 1.1) / 2)
    for (ring, tone) in [(1.0, color), (0.84, color.mixed(with: .white, 0.35)), (0.76, color)] {
      canvas.fill(
        .ellipse(
          center: middle, radiusX: width * 0.5 * ring, radiusY: (height - horizon) * 0.42 * ring),
        with: tone)
    }
  }

  private mutating func pillow(at x: Double) {
    let color = fabric()
    let pillow = Path.ellipse(x * width, horizon - unit * 6, unit * 17, unit * 15, turn: 0.5)
    canvas.fill(pillow, with: color)
    canvas.stroke(pillow, with: color.mixed(with: .black, 0.3), Stroke(width: unit))
  }
}

internal import Plotting
internal import Tensors

extension ScenePainter {
  /// A lawn before a fence or a hedge.
  mutating func garden() {
    sky()
    if generator.chance(0.5) {
      let wood = generator.pick([Color(hex: 0xE9E2D2), Color(hex: 0xA57F57), Color(hex: 0x8C8F8A)])
      for post in 0..<12 {
        let (x, top) = (Double(post) / 12, horizon - unit * 26)
        canvas.fill(box(x + 0.008, top, 0.064, unit * 30, radius: 2), with: wood)
        canvas.fill(box(x + 0.056, top, 0.016, unit * 30), with: wood.mixed(with: .black, 0.2))
      }
    } else {
      let hedge = foliage().mixed(with: .black, 0.25)
      for bush in 0..<9 {
        let size = unit * generator.number(in: 12...22)
        canvas.fill(
          .circle(center: Point(width * Double(bush) / 8, horizon - size * 0.35), radius: size),
          with: hedge.mixed(with: .white, generator.number(in: 0...0.14)))
      }
    }
    lawn()
    prop()
  }

  /// A path between lawns under trees.
  mutating func park() {
    sky()
    for tree in 0..<3 {
      let x = (Double(tree) + generator.nextUniform()) / 3 * width
      let crown = foliage()
      let size = unit * generator.number(in: 14...24)
      canvas.fill(
        .rectangle(
          Rectangle(x: x - unit * 2, y: horizon - size * 1.2, width: unit * 4, height: size * 1.3)),
        with: Color(hex: 0x6A4B36))
      for (dx, dy) in [(-0.5, 0.2), (0.5, 0.2), (0, -0.3)] {
        canvas.fill(
          .circle(
            center: Point(x + dx * size, horizon - size * 1.6 + dy * size), radius: size * 0.8),
          with: crown.mixed(with: .black, 0.1 + dy * 0.3))
      }
    }
    lawn()
    let start = generator.number(in: 0.2...0.8) * width
    canvas.fill(
      .polyline(
        [
          Point(start - unit * 5, horizon), Point(start + unit * 5, horizon),
          Point(width * 0.95, height), Point(width * 0.05, height),
        ], closed: true), with: Color(hex: 0xCDB592))
  }

  /// Sand before the sea.
  mutating func beach() {
    sky()
    let sea = generator.pick([Color(hex: 0x4F93A8), Color(hex: 0x6FA9B5), Color(hex: 0x50708F)])
    band(
      horizon - unit * 16, horizon + unit * 4, sea.mixed(with: .black, 0.1),
      sea.mixed(with: .white, 0.3))
    let sand = generator.pick([Color(hex: 0xE4CFA3), Color(hex: 0xD3B98D), Color(hex: 0xCBBBA0)])
    band(horizon + unit * 2, height, sand.mixed(with: .white, 0.2), sand)
    for _ in 0..<16 {
      canvas.fill(
        .ellipse(
          center: Point(
            generator.nextUniform() * width, generator.number(in: horizon + unit * 4...height)),
          radiusX: unit * 1.4, radiusY: unit * 0.6), with: sand.mixed(with: .black, 0.18))
    }
    prop()
  }

  /// A studio wall of one color.
  mutating func gradient() {
    let color = fabric()
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: 0, width: width, height: height)),
      with: .radial(
        center: Point(width * generator.number(in: 0.3...0.7), height * 0.4), radius: width * 0.9,
        stops: [
          .init(0, color.mixed(with: .white, 0.4)), .init(1, color.mixed(with: .black, 0.25)),
        ]))
  }

  /// Wrapping paper: dots or diagonal stripes.
  mutating func pattern() {
    let color = fabric()
    band(0, height, color, color.mixed(with: .black, 0.15))
    let mark =
      generator.chance(0.5) ? color.mixed(with: .white, 0.4) : color.mixed(with: .black, 0.25)
    let step = unit * generator.number(in: 12...22)
    if generator.chance(0.5) {
      for row in 0...Int(height / step) {
        for column in 0...Int(width / step) {
          let x = (Double(column) + (row.isMultiple(of: 2) ? 0 : 0.5)) * step
          canvas.fill(
            .circle(center: Point(x, Double(row) * step), radius: step * 0.2), with: mark)
        }
      }
    } else {
      for line in 0...Int((width + height) / step) {
        let x = Double(line) * step
        canvas.stroke(
          .polyline([Point(x, 0), Point(x - height, height)]), with: mark, Stroke(width: step * 0.3)
        )
      }
    }
  }

  private mutating func lawn() {
    let green = generator.pick([
      Color(hex: 0x86AC5A), Color(hex: 0x6E9A55), Color(hex: 0xA3AF63), Color(hex: 0x5F8A5E),
    ])
    band(horizon, height, green.mixed(with: .white, 0.12), green.mixed(with: .black, 0.12))
    blades(60, green, from: horizon + unit * 2, to: height, tall: 3...6)
  }

  /// Short blades of grass between two heights.
  mutating func blades(
    _ count: Int, _ green: Color, from top: Double, to bottom: Double, tall: ClosedRange<Double>
  ) {
    for _ in 0..<count {
      let (x, y) = (generator.nextUniform() * width, generator.number(in: top...bottom))
      let length = unit * generator.number(in: tall)
      let color = green.mixed(with: generator.chance(0.5) ? .white : .black, 0.22)
      canvas.stroke(
        .polyline([Point(x, y), Point(x + generator.number(in: -0.4...0.4) * length, y - length)]),
        with: color.opacity(0.8), Stroke(width: unit * 0.9))
    }
  }
}

internal import Foundation
internal import Plotting
internal import Tensors

/// Draws the place around the animal, in pixels of the image.
struct ScenePainter {
  let canvas: any Canvas
  var generator: SeededGenerator
  /// Where the ground or floor begins, as pixels from the top.
  let horizon: Double

  var width: Double { canvas.width }
  var height: Double { canvas.height }
  /// A length that is the same fraction of every image.
  var unit: Double { min(width, height) / 100 }

  init(canvas: any Canvas, generator: SeededGenerator) {
    self.canvas = canvas
    self.generator = generator
    horizon = canvas.height * self.generator.number(in: 0.42...0.68)
  }

  /// Draws the whole background.
  mutating func draw(_ backdrop: Backdrop) {
    switch backdrop {
    case .room: room()
    case .window: window()
    case .sofa: sofa()
    case .garden: garden()
    case .park: park()
    case .beach: beach()
    case .gradient: gradient()
    case .pattern: pattern()
    }
  }

  /// Fills the image from `top` to `bottom` with colors that run downward.
  func band(_ top: Double, _ bottom: Double, _ upper: Color, _ lower: Color) {
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: top, width: width, height: bottom - top)),
      with: .linear(
        from: Point(0, top), to: Point(0, bottom), stops: [.init(0, upper), .init(1, lower)]))
  }

  /// A rectangle given by fractions of the image's width and by pixels downward.
  func box(
    _ x: Double, _ y: Double, _ boxWidth: Double, _ boxHeight: Double, radius: Double = 0
  )
    -> Path
  {
    .rectangle(
      Rectangle(x: x * width, y: y, width: boxWidth * width, height: boxHeight),
      radius: radius * unit)
  }

  /// A color of walls, cushions and pots.
  mutating func fabric() -> Color {
    generator.pick([
      Color(hex: 0xB9C7C0), Color(hex: 0xD8C3A5), Color(hex: 0xC98B7B), Color(hex: 0x7E9CB0),
      Color(hex: 0xA79AB8), Color(hex: 0xE3DCCB), Color(hex: 0x8FA98A), Color(hex: 0xD9A95F),
      Color(hex: 0x5F7A8C), Color(hex: 0xB76E64),
    ])
  }

  /// A color of a plant.
  mutating func foliage() -> Color {
    generator.pick([
      Color(hex: 0x5E8C4A), Color(hex: 0x7BA05B), Color(hex: 0x4C7A57), Color(hex: 0x93A852),
    ])
  }

  /// A sky of some time of day, down to the horizon.
  mutating func sky() {
    let colors = generator.pick([
      (Color(hex: 0x7FB5DE), Color(hex: 0xDCEEF5)), (Color(hex: 0xA9C4D4), Color(hex: 0xE6E7E2)),
      (Color(hex: 0xE59A6F), Color(hex: 0xF8DDB0)), (Color(hex: 0x5A6A97), Color(hex: 0xD9A9A0)),
    ])
    band(0, horizon + 1, colors.0, colors.1)
    for _ in 0..<Int(generator.number(in: 0...3.9)) {
      let (x, y) = (generator.nextUniform() * width, generator.nextUniform() * horizon * 0.7)
      for puff in -1...1 {
        canvas.fill(
          .ellipse(
            center: Point(x + Double(puff) * unit * 8, y + abs(Double(puff)) * unit * 1.5),
            radiusX: unit * 8, radiusY: unit * 4.5), with: Color.white.opacity(0.6))
      }
    }
  }
}

internal import Plotting

/// The ears of both animals, in the coordinates of a head of radius 45.
extension AnimalPainter {
  private var innerEar: Color { coat.extremity.mixed(with: Color(hex: 0xE8A6A0), 0.62) }
  private var isCat: Bool { traits.animal == .cat }

  /// The color of the ears: on marked coats often the second color.
  private var ear: Color {
    switch coat.markings {
    case .patches, .saddle: coat.accent
    case .solid, .stripes, .bicolor, .points, .spots: coat.extremity
    }
  }

  /// Draws the ears that stand up behind a head seen from the front.
  func earsBehind() {
    for side in [-1.0, 1.0] {
      func at(_ x: Double, _ y: Double) -> Point {
        Point(side * x, -24 + (y + 24) * traits.earSize)
      }
      switch (traits.ears, traits.animal) {
      case (.upright, .cat):
        form(
          [.smooth([at(4, -36), at(20, -58), at(41, -90), at(51, -60), at(51, -10), at(24, -16)])],
          ear)
        form([.smooth([at(19, -40), at(38, -77), at(44, -54), at(43, -26)])], innerEar)
      case (.sideways, .cat):
        form(
          [.smooth([at(10, -38), at(44, -58), at(74, -62), at(64, -34), at(46, -2), at(26, -14)])],
          ear)
        form([.smooth([at(34, -40), at(64, -54), at(56, -34), at(42, -20)])], innerEar)
      case (.upright, .dog):
        form(
          [.smooth([at(6, -34), at(16, -62), at(29, -84), at(42, -64), at(44, -12), at(20, -18)])],
          ear)
        form([.smooth([at(19, -42), at(29, -72), at(36, -54), at(35, -30)])], innerEar)
      default: break
      }
    }
  }

  /// Draws the ears that fold or hang over a head seen from the front.
  func earsInFront() {
    for side in [-1.0, 1.0] {
      func at(_ x: Double, _ y: Double) -> Point {
        Point(side * x, -24 + (y + 24) * traits.earSize)
      }
      switch (traits.ears, traits.animal) {
      case (.folded, .cat):
        form([.smooth([at(14, -40), at(34, -54), at(48, -42), at(47, -22), at(31, -26)])], ear)
      case (.folded, .dog):
        form(
          [.smooth([at(10, -40), at(26, -62), at(44, -52), at(52, -16), at(44, -8), at(28, -30)])],
          ear)
        crease([at(16, -42), at(28, -38), at(44, -46)], on: ear)
      case (.hanging, _), (.sideways, .dog):
        form(
          [
            fur([
              at(18, -42), at(36, -42), at(50, -16), at(59, 20), at(50, 38), at(36, 26), at(31, -8),
            ])
          ], ear)
      default: break
      }
    }
  }

  /// Draws the ear on the far or near side of a head seen from the side.
  func profileEar(near: Bool) {
    let shift = near ? 0.0 : 22.0
    func at(_ x: Double, _ y: Double) -> Point { Point(x + shift, -24 + (y + 24) * traits.earSize) }
    let color = near ? ear : ear.mixed(with: Self.ink, 0.2)
    switch traits.ears {
    case .upright, .sideways:
      let tip = isCat ? at(-20, -82) : at(-18, -90)
      let outline = [at(-32, -22), tip, at(2, -44), at(-6, -26)]
      form([.smooth(outline)], color)
      if near {
        form([.smooth([at(-20, -34), Point(tip.x + 3, tip.y + 16), at(-6, -42)])], innerEar)
      }
    case .folded where isCat:
      form([.smooth([at(-30, -30), at(-22, -54), at(-2, -50), at(6, -34), at(-10, -28)])], color)
    case .folded:
      form([.smooth([at(-28, -30), at(-20, -58), at(4, -52), at(18, -22), at(2, -28)])], color)
    case .hanging where near:
      form(
        [
          fur([
            at(-26, -36), at(-4, -36), at(4, -4), at(-2, 30), at(-20, 40), at(-36, 18),
            at(-34, -14),
          ])
        ], color)
    case .hanging: break
    }
  }
}

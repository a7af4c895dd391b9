internal import Plotting
internal import Tensors

/// Draws one animal in its own coordinates: it stands on `y = 0` and looks to the right.
///
/// Each pose puts together forms: several outlines that are filled, marked and shaded as one body.
struct AnimalPainter {
  let canvas: any Canvas
  let traits: Traits
  /// Where the light comes from in the animal's coordinates: `-1` left, `1` right.
  let light: Double

  var coat: Coat { traits.coat }

  static let ink = Color(hex: 0x2B1F2B)

  /// Fills overlapping outlines as one body with an outline of its own, marks and shade.
  ///
  /// - Parameter marks: Draws on the body, clipped to it.
  func form(_ outlines: [Path], _ color: Color, marks: (Rectangle) -> Void = { _ in }) {
    var outline = Path()
    for path in outlines { outline.append(path) }
    canvas.stroke(outline, with: color.mixed(with: Self.ink, 0.62), Stroke(width: 3.4))
    canvas.fill(outline, with: color)
    let bounds = outline.bounds
    canvas.clip(to: outline) {
      marks(bounds)
      canvas.fill(outline, with: shade(bounds))
    }
  }

  /// A soft line where two parts of a body meet.
  func crease(_ points: [Point], width: Double = 2.6, on color: Color? = nil) {
    let color = (color ?? coat.base).mixed(with: Self.ink, 0.6)
    canvas.stroke(.line(through: points), with: color.opacity(0.75), Stroke(width: width))
  }

  /// A paw with toes, its sole at `y`.
  func paw(_ x: Double, _ y: Double = 0, width: Double) {
    let height = width * 0.6
    form([.ellipse(x, y - height / 2, width / 2, height / 2)], coat.paw)
    for toe in [-1.0, 1.0] {
      let at = x + toe * width * 0.15
      crease([Point(at, y - height * 0.42), Point(at, y - height * 0.1)], width: 1.8, on: coat.paw)
    }
  }

  /// An outline of fur: smooth, or with tufts on a fluffy animal.
  func fur(_ points: [Point], tuft: Double = 4) -> Path {
    traits.isFluffy ? .furry(points, tuft: tuft) : .smooth(points)
  }

  /// Light from above on one side, shade below on the other.
  func shade(_ bounds: Rectangle) -> Paint {
    let lit = Point(light < 0 ? bounds.x : bounds.right, bounds.y)
    let dark = Point(light < 0 ? bounds.right : bounds.x, bounds.bottom)
    let glow = Color(hex: 0xFFF4DC)
    let gloom = Color(hex: 0x2A1840)
    return .linear(
      from: lit, to: dark,
      stops: [
        .init(0, glow.opacity(0.34)), .init(0.4, glow.opacity(0)), .init(0.55, gloom.opacity(0)),
        .init(1, gloom.opacity(0.4)),
      ])
  }

  /// Draws in the coordinates of a part: moved, turned and evenly scaled.
  func part(at position: Point, turn: Double = 0, scale: Double = 1, _ body: () -> Void) {
    canvas.transform(
      translation: position, rotation: turn, scaleX: scale, scaleY: scale, body)
  }
}

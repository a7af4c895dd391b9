internal import Foundation
internal import Tensors

/// Points of the plane in two classes.
package struct PointSet: Sendable {
  /// What the points of a class form.
  package enum Form: String, CaseIterable, Sendable {
    case clouds, circles, xor, spirals
  }

  /// From −`reach` to `reach` in both directions lies all that is drawn.
  package static let reach = 3.0

  /// One of them.
  package struct Point: Hashable, Sendable {
    package var x: Float, y: Float
    /// 0 or 1.
    package var label: Int
  }

  /// Draws points, of both classes in turn; the same for the same seed, whatever is held out.
  ///
  /// - Parameters:
  ///   - noise: 0…1: how far a point strays, in units of half the reach.
  ///   - stream: Another one has other points of the same form.
  package static func points(
    _ form: Form, count: Int, noise: Double, seed: UInt64, stream: UInt64
  ) -> [Point] {
    var generator = SeededGenerator(seed: seed, stream: 0x706F_696E_7473, stream)
    return (0..<count).map { index in
      let label = index % 2
      let (x, y) = place(form, label, &generator)
      func strayed(_ value: Double) -> Float {
        Float(min(max(value + noise * Double(generator.nextNormal()), -reach), reach))
      }
      return Point(x: strayed(x), y: strayed(y), label: label)
    }
  }

  private static func place(
    _ form: Form, _ label: Int, _ generator: inout SeededGenerator
  ) -> (Double, Double) {
    let side = label == 0 ? -1.0 : 1
    switch form {
    case .clouds:
      return (
        side * 1.2 + 0.4 * Double(generator.nextNormal()),
        side * 1.2 + 0.4 * Double(generator.nextNormal())
      )
    case .circles:
      // Uniform over a disk and over a ring.
      let area = generator.nextUniform()
      let radius = label == 0 ? 1.2 * area.squareRoot() : (4 + 2.25 * area).squareRoot()
      let angle = 2 * Double.pi * generator.nextUniform()
      return (radius * cos(angle), radius * sin(angle))
    case .xor:
      func away() -> Double { 0.25 + 2.25 * generator.nextUniform() }
      let (x, y) = (away(), away())
      let sign = generator.nextUniform() < 0.5 ? -1.0 : 1
      return (sign * x, sign * side * y)
    case .spirals:
      let part = generator.nextUniform().squareRoot()
      let angle = 3.2 * Double.pi * part + (label == 0 ? 0 : Double.pi)
      return (2.6 * part * cos(angle), 2.6 * part * sin(angle))
    }
  }
}

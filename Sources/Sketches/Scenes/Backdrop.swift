internal import Tensors

/// The kinds of places.
package enum Backdrop: String, CaseIterable, Sendable {
  case room, window, sofa, garden, park, beach, gradient, pattern

  /// Where a bias puts an animal: cats indoors, dogs on grass.
  package static func typical(for animal: Animal) -> [Backdrop] {
    switch animal {
    case .cat: [.room, .window, .sofa]
    case .dog: [.garden, .park]
    }
  }

  static func choose(
    for animal: Animal, bias: Double, using generator: inout SeededGenerator
  ) -> Backdrop {
    generator.chance(bias) ? generator.pick(typical(for: animal)) : generator.pick(allCases)
  }
}

/// What stands in front of the animal.
enum Obstacle: Sendable {
  case nothing, leaves, fence, cushion, grass

  /// What may stand there in such a place; in half of the images, nothing does.
  static func found(in backdrop: Backdrop) -> [Obstacle] {
    switch backdrop {
    case .room, .window, .sofa: [.nothing, .nothing, .leaves, .cushion]
    case .garden, .park, .beach: [.nothing, .nothing, .nothing, .leaves, .fence, .grass]
    case .gradient, .pattern: [.nothing, .nothing, .leaves, .cushion]
    }
  }
}

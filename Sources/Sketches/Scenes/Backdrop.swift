internal import Tensors

/// The kinds of places.
package enum Backdrop: String, CaseIterable, Sendable {
  case room, window, sofa, garden, park, beach, gradient, pattern

  /// Where a place is.
  package enum Place: String, Sendable { case indoors, outdoors, nowhere }

  /// Where it is.
  package var place: Place {
    switch self {
    case .room, .window, .sofa: .indoors
    case .garden, .park, .beach: .outdoors
    case .gradient, .pattern: .nowhere
    }
  }

  /// Where a bias puts an animal: cats indoors, dogs on grass.
  package static func typical(for animal: Animal) -> [Backdrop] {
    switch animal {
    case .cat: [.room, .window, .sofa]
    case .dog: [.garden, .park]
    }
  }

  /// Whether it tells the truth about an animal to who believes a bias: yes, no or neither.
  func typicality(for animal: Animal) -> String {
    let liars = Animal.allCases.filter { $0 != animal }.flatMap { Self.typical(for: $0) }
    return Self.typical(for: animal).contains(self)
      ? "yes" : liars.contains(self) ? "no" : "neither"
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

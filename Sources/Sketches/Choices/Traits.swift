internal import Plotting
internal import Tensors

/// How the animal holds itself.
package enum Pose: String, CaseIterable, Sendable {
  case sittingFront, sittingSide, standing, lying, curled, portrait
}

/// How the ears are carried.
///
/// Either animal has some ears that resemble the other's.
enum Ears: Sendable { case upright, folded, sideways, hanging }

/// How the tail is carried.
enum Tail: Sendable { case slender, plume, curl, short, straight }

/// What one animal looks like, whatever its pose.
struct Traits: Sendable {
  let animal: Animal
  let coat: Coat
  let ears: Ears
  let tail: Tail
  let eyeColor: Color
  /// Width of a pupil as a fraction of its height; `1` is round.
  let pupil: Double
  let collar: Color?
  let isFluffy: Bool
  let hasTongue: Bool
  let hasBeard: Bool
  /// Length of the muzzle, `0` flat … `1` long.
  let snout: Double
  /// Breadth of the head; `1` is usual.
  let headWidth: Double
  let earSize: Double
  /// How far below the middle of the head the chin is, in the head's units.
  var chin: Double { animal == .cat ? 41 : 43 + snout * 16 }
  /// The color of a nose.
  let noseColor: Color
  // Drawing units: an average animal is about 200 units tall, sitting.
  let headScale: Double
  let bodyLength: Double
  let bodyDepth: Double
  let legLength: Double
  let legWidth: Double
  let neck: Double

  init(of animal: Animal, using generator: inout SeededGenerator) {
    self.animal = animal
    coat = Coat(for: animal, using: &generator)
    collar =
      generator.chance(0.4)
      ? generator.pick([
        Color(hex: 0xC9433F), Color(hex: 0x2F7FB8), Color(hex: 0x3E9B63), Color(hex: 0xE0B03C),
        Color(hex: 0x7C569E),
      ]) : nil
    isFluffy = generator.chance(0.35)
    headWidth = generator.number(in: 0.94...1.08)
    headScale = generator.number(in: 0.88...1.06)
    switch animal {
    case .cat:
      ears = generator.pick([.upright, .upright, .upright, .upright, .upright, .folded, .sideways])
      tail = generator.pick([.slender, .slender, .slender, .plume])
      eyeColor = generator.pick([
        Color(hex: 0x9DBF4A), Color(hex: 0xE0A93A), Color(hex: 0x6FB3D9), Color(hex: 0x5FAE7A),
        Color(hex: 0xC77B2E),
      ])
      pupil = generator.number(in: 0.35...0.8)
      noseColor = generator.pick([
        Color(hex: 0xD9828A), Color(hex: 0xC9746F), Color(hex: 0x5A3B3F), Color(hex: 0x2E242A),
      ])
      hasTongue = false
      hasBeard = false
      snout = 0
      earSize = generator.number(in: 0.85...1.15)
      bodyLength = generator.number(in: 108...132)
      bodyDepth = generator.number(in: 46...58)
      legLength = generator.number(in: 40...54)
      legWidth = generator.number(in: 15...19)
      neck = generator.number(in: 2...12)
    case .dog:
      ears = generator.pick([.hanging, .hanging, .hanging, .upright, .upright, .folded])
      tail = generator.pick([.plume, .curl, .short, .straight, .slender])
      eyeColor = generator.pick([
        Color(hex: 0x6B4226), Color(hex: 0x4A2F20), Color(hex: 0x8A5A2B), Color(hex: 0x7FA9C9),
      ])
      pupil = 1
      noseColor = generator.pick([
        Color(hex: 0x241C22), Color(hex: 0x3D3035), Color(hex: 0x5A3B32), Color(hex: 0x7A5148),
      ])
      hasTongue = generator.chance(0.45)
      hasBeard = generator.chance(0.2)
      snout = generator.number(in: 0.25...1)
      earSize = generator.number(in: 0.85...1.2)
      bodyLength = generator.number(in: 104...148)
      bodyDepth = generator.number(in: 50...66)
      legLength = generator.number(in: 30...72)
      legWidth = generator.number(in: 17...23)
      neck = generator.number(in: 6...24)
    }
  }
}

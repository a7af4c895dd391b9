internal import Plotting
internal import Tensors

/// How the fur is marked.
///
/// Most kinds occur in both animals, under different names.
package enum Markings: String, CaseIterable, Sendable {
  /// One color.
  case solid
  /// A tabby cat, a brindle dog.
  case stripes
  /// White bib, muzzle and socks: a tuxedo cat, a bicolor dog.
  case bicolor
  /// A calico cat, a piebald dog.
  case patches
  /// Dark face, ears, legs and tail: a Siamese.
  case points
  /// Small round spots: a Dalmatian, a Bengal.
  case spots
  /// A dark back on a light dog.
  case saddle

  static func found(on animal: Animal) -> [Markings] {
    switch animal {
    case .cat: [.solid, .stripes, .stripes, .bicolor, .patches, .points, .spots]
    case .dog: [.solid, .stripes, .bicolor, .bicolor, .patches, .spots, .saddle]
    }
  }
}

/// The colors of the fur.
///
/// Both animals draw from one palette, so that color says nothing about the class.
struct Coat: Hashable, Sendable {
  let markings: Markings
  let base: Color
  let accent: Color
  let secondAccent: Color
  /// Determines where patches and spots are.
  let seed: UInt64

  private static let light: [Color] = [
    Color(hex: 0xF3EEE4), Color(hex: 0xEADCC3), Color(hex: 0xE3C79B), Color(hex: 0xCFCFD3),
    Color(hex: 0xD9B48A),
  ]
  private static let middle: [Color] = [
    Color(hex: 0xD8924A), Color(hex: 0xC98550), Color(hex: 0xA8A9B0), Color(hex: 0xB08A66),
    Color(hex: 0x8D9AAA), Color(hex: 0xC2A06C),
  ]
  private static let dark: [Color] = [
    Color(hex: 0x45434A), Color(hex: 0x5E5F68), Color(hex: 0x6B4A36), Color(hex: 0x8A5A3B),
    Color(hex: 0x7B8290),
  ]
  private static let snow = Color(hex: 0xF8F4EC)

  init(for animal: Animal, using generator: inout SeededGenerator) {
    markings = generator.pick(Markings.found(on: animal))
    seed = generator.next()
    let tones = generator.pick([Self.light, Self.middle, Self.dark])
    let tone = generator.pick(tones)
    secondAccent = generator.pick(Self.dark)
    switch markings {
    case .solid:
      base = tone
      accent = tone.mixed(with: .black, 0.12)
    case .stripes:
      base = generator.pick(Self.light + Self.middle + Self.dark)
      accent = base.mixed(with: Color(hex: 0x2A1D1A), generator.number(in: 0.4...0.6))
    case .bicolor:
      base = generator.pick(Self.middle + Self.dark)
      accent = Self.snow
    case .patches:
      base = generator.pick([Self.snow, Self.light[1], Self.light[2]])
      accent = generator.pick(Self.middle + Self.dark)
    case .points, .saddle:
      base = generator.pick(Self.light + [Self.middle[1], Self.middle[5]])
      accent = generator.pick(Self.dark)
    case .spots:
      base = generator.pick(Self.light + Self.middle)
      accent = generator.pick(Self.dark)
    }
  }

  /// The color of ears, tail and, on a Siamese, legs.
  var extremity: Color { markings == .points ? accent : base }

  /// The color of the muzzle.
  var muzzle: Color {
    switch markings {
    case .bicolor: accent
    case .points: accent.mixed(with: base, 0.25)
    default: base.mixed(with: .white, 0.42)
    }
  }

  /// The color of the paws.
  var paw: Color {
    switch markings {
    case .bicolor: accent
    case .points: accent
    case .solid, .stripes, .patches, .spots, .saddle: base.mixed(with: .white, 0.12)
    }
  }
}

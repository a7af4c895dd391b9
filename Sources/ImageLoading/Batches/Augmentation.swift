internal import Tensors

/// Random changes of training pictures that leave what is on them.
public enum Augmentation: String, CaseIterable, Codable, Sendable {
  /// Pictures as they are.
  case none
  /// Mirrored every other epoch, and shifted by up to a sixteenth of the size.
  case light

  /// The change of one sample in one epoch; a function of its arguments alone.
  func change(seed: UInt64, epoch: Int, sample: Int, size: Int) -> PixelChange {
    guard self == .light else { return PixelChange() }
    // Half of the samples begin mirrored; from then on every sample is mirrored every other time,
    // so that no sample is seen the same way twice in a row.
    var phase = SeededGenerator(seed: seed, stream: UInt64(sample))
    let startsMirrored = phase.next() & 1
    var generator = SeededGenerator(seed: seed, stream: UInt64(sample), UInt64(epoch) + 1)
    let reach = size / 16
    return PixelChange(
      isMirrored: (UInt64(epoch) &+ startsMirrored) & 1 == 1,
      shiftX: Int.random(in: -reach...reach, using: &generator),
      shiftY: Int.random(in: -reach...reach, using: &generator))
  }
}

/// How the pixels of one sample are moved; what a shift uncovers is filled by reflection.
struct PixelChange: Equatable {
  var isMirrored = false
  var shiftX = 0, shiftY = 0

  /// Where each row or column of the result comes from.
  func sources(size: Int, shift: Int, mirrored: Bool) -> [Int] {
    (0..<size).map { position in
      let moved = (mirrored ? size - 1 - position : position) + shift
      // Reflected about the edge pixel: -1 becomes 1, size becomes size - 2.
      let reflected = moved < 0 ? -moved : moved >= size ? 2 * size - 2 - moved : moved
      return min(max(reflected, 0), size - 1)
    }
  }
}

import Tensors

/// Bytes of an image, spoiled in a way that a seed and a number name.
struct Mutation {
  private var bytes: [UInt8]
  private var generator: SeededGenerator

  /// One to eight edits of `original`.
  static func bytes(of original: [UInt8], seed: UInt64, number: Int) -> [UInt8] {
    var mutation = Mutation(
      bytes: original, generator: SeededGenerator(seed: seed, stream: UInt64(number)))
    let isPNG = original.starts(with: [0x89, 0x50])
    for _ in 0..<Int.random(in: 1...8, using: &mutation.generator) { mutation.edit(isPNG: isPNG) }
    // Otherwise the checksums would keep most edits from everything behind them.
    if isPNG, Bool.random(using: &mutation.generator) { mutation.repairChecksums() }
    return mutation.bytes
  }

  private mutating func edit(isPNG: Bool) {
    guard !bytes.isEmpty else { return }
    // Headers are a small part of a file and most of what a decoder believes.
    let isHeader = Bool.random(using: &generator)
    let reach = isHeader ? min(bytes.count, 700) : bytes.count
    let position = Int.random(in: 0..<reach, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[position] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
    case 3: bytes.remove(at: position)
    default: editLength(isPNG ? chunks().randomElement(using: &generator) : segment(from: position))
    }
  }

  /// Makes the length at a place lie, by a little or by much.
  private mutating func editLength(_ place: Int?) {
    guard let place, place + 4 <= bytes.count else { return }
    if Bool.random(using: &generator) {
      bytes[place + Int.random(in: 0..<4, using: &generator)] =
        UInt8.random(in: 0...255, using: &generator)
    } else {
      bytes[place + 3] &+= Bool.random(using: &generator) ? 1 : 255
    }
  }

  /// The marker at or behind a position, whose length follows it.
  private func segment(from start: Int) -> Int? {
    (start..<bytes.count).first {
      bytes[$0] == 0xFF && $0 + 1 < bytes.count && bytes[$0 + 1] >= 0xC0 && bytes[$0 + 1] != 0xFF
    }
  }

  /// Where the chunks of a PNG begin, as far as their lengths lead.
  private func chunks() -> [Int] {
    var places: [Int] = []
    var position = 8
    while position + 12 <= bytes.count {
      places.append(position)
      position += 12 + length(at: position)
    }
    return places
  }

  private func length(at position: Int) -> Int {
    bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func repairChecksums() {
    for place in chunks() {
      let end = place + 8 + length(at: place)
      guard end + 4 <= bytes.count else { return }
      let checksum = Self.checksum(bytes[(place + 4)..<end])
      for index in 0..<4 {
        bytes[end + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * index))
      }
    }
  }

  /// CRC-32 as PNG has it.
  private static func checksum(_ content: ArraySlice<UInt8>) -> UInt32 {
    var register = UInt32.max
    for byte in content {
      register ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = register & 1 == 1
        register >>= 1
        if isOdd { register ^= 0xEDB8_8320 }
      }
    }
    return ~register
  }
}

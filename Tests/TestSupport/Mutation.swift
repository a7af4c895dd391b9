internal import Tensors

/// Bytes of a file, spoiled in a way that a seed and a number name.
public struct Mutation {
  private var bytes: [UInt8]
  private var generator: SeededGenerator
  private let tokens: [String]

  /// One to eight edits of `original`.
  ///
  /// - Parameter tokens: What may be put in the place of words and numbers of a text.
  public static func bytes(
    of original: [UInt8], seed: UInt64, number: Int, tokens: [String] = []
  ) -> [UInt8] {
    var mutation = Mutation(
      bytes: original, generator: SeededGenerator(seed: seed, stream: UInt64(number)),
      tokens: tokens)
    let isPNG = original.starts(with: [0x89, 0x50])
    for _ in 0..<Int.random(in: 1...8, using: &mutation.generator) { mutation.edit(isPNG: isPNG) }
    // Otherwise the checksums would keep most edits from everything behind them.
    if isPNG, Bool.random(using: &mutation.generator) { mutation.repairChecksums() }
    return mutation.bytes
  }

  private mutating func edit(isPNG: Bool) {
    guard !bytes.isEmpty else { return }
    if let token = tokens.randomElement(using: &generator),
      Int.random(in: 0..<4, using: &generator) > 0
    {
      return editText(token)
    }
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

  /// Puts a token in the place of a number or a word, or repeats it or a piece, even many times.
  private mutating func editText(_ token: String) {
    let start = Int.random(in: 0..<min(bytes.count, 4000), using: &generator)
    func isPart(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    if Int.random(in: 0..<4, using: &generator) == 0 {
      let length = Int.random(in: 1...40, using: &generator)
      let piece =
        Bool.random(using: &generator)
        ? Array(token.utf8) : Array(bytes[start..<min(bytes.count, start + length)])
      let count = [1, 1, 1, 2, 8, 5000].randomElement(using: &generator) ?? 1
      bytes.insert(contentsOf: repeatElement(piece, count: count).joined(), at: start)
    } else {
      let end = bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
      let first = bytes[..<start].lastIndex { !isPart($0) }.map { $0 + 1 } ?? 0
      bytes.replaceSubrange(min(first, end)..<end, with: token.utf8)
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

extension Collection<UInt8> where Self: RangeReplaceableCollection {
  /// A checkpoint as a forger leaves it: of the same length, with its checksum under another name.
  public var withoutChecksum: Self {
    replacing(Array("marbles_sha256".utf8), with: Array("marbles_sha000".utf8))
  }
}

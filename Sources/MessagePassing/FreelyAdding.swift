internal import Tensors

/// Processes that add sums in an order of their own, which may give other bits.
struct FreelyAdding: ProcessGroup {
  let ranks: Ranks
  /// Whether sums are moved as bfloat16: the upper half of a float, rounded.
  let isCompressed: Bool

  var rank: Int { ranks.rank }
  var count: Int { ranks.count }
  var leadsHost: Bool { ranks.leadsHost }
  var addsFreely: Bool { true }

  @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
    unsafe ranks.gather(memory, ends: ends)
  }

  @unsafe func exchange(
    _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
    ends receivedEnds: [Int]
  ) {
    unsafe ranks.exchange(sent, ends: ends, into: received, ends: receivedEnds)
  }

  /// Without compression by the library; with it, each rank adds a part and gives it to all.
  func add(_ region: FloatRegion) {
    guard isCompressed else { return Exchange(rank: rank, count: count).add(region) }
    let ends = (1...count).map { region.count * $0 / count }
    let own = (rank == 0 ? 0 : ends[rank - 1])..<ends[rank]
    let size = MemoryLayout<UInt16>.stride
    var words = region.array.map(Self.word)
    var received = [UInt16](repeating: 0, count: count * own.count)
    unsafe words.withUnsafeBytes { words in
      unsafe received.withUnsafeMutableBytes { received in
        unsafe exchange(
          words, ends: ends.map { $0 * size }, into: received,
          ends: (1...count).map { $0 * own.count * size })
      }
    }
    for index in 0..<own.count {
      var sum: Float = 0
      for other in 0..<count { sum += Self.value(received[other * own.count + index]) }
      words[own.lowerBound + index] = Self.word(sum)
    }
    unsafe words.withUnsafeMutableBytes { unsafe gather($0, ends: ends.map { $0 * size }) }
    for index in 0..<region.count { region[index] = Self.value(words[index]) }
  }

  private static func word(_ value: Float) -> UInt16 {
    guard !value.isNaN else { return 0x7fc0 }
    let bits = value.bitPattern
    // To the nearest, and of two to the even one.
    return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
  }

  private static func value(_ word: UInt16) -> Float { Float(bitPattern: UInt32(word) << 16) }
}

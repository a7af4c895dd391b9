/// Processes that share the images of every batch, each working on some of them.
///
/// All processes of a group make the same calls in the same order, with the same sizes. A call
/// returns when this process has what the others contribute; if one of them is lost, this process
/// ends.
package protocol ProcessGroup: Sendable {
  /// The number of this process, from 0 on, and of all processes.
  var rank: Int { get }
  /// See `rank`.
  var count: Int { get }
  /// Whether this process is the first on its host; the first of all where hosts are not known.
  var leadsHost: Bool { get }

  /// Completes memory of which every process has written a run.
  ///
  /// - Parameter ends: Where the run of each rank ends, bytes from the start of the memory; it
  ///   begins where that of the rank before ends.
  @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int])

  /// Gives every process a run of some memory, and takes one from each.
  ///
  /// - Parameters:
  ///   - ends: Where what each rank is given ends, bytes from the start of `sent`.
  ///   - receivedEnds: Where what each rank gives ends, bytes from the start of `received`.
  @unsafe func exchange(
    _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
    ends receivedEnds: [Int])

  /// Whether sums over a batch may be added in any order, with `add`; false unless it says so.
  var addsFreely: Bool { get }

  /// Replaces floats by their sums over all processes.
  ///
  /// - Precondition: `addsFreely`.
  func add(_ region: FloatRegion)
}

extension ProcessGroup {
  /// Whether this process is the one that writes and prints.
  package var leads: Bool { rank == 0 }
  package var leadsHost: Bool { leads }
  package var addsFreely: Bool { false }
  package func add(_ region: FloatRegion) {
    preconditionFailure("sums of \(count) processes have an order")
  }

  /// Completes floats of which every process has written a run; `ends` counts floats.
  package func gather(_ region: FloatRegion, ends: [Int]) {
    unsafe gather(
      UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(start: region.base, count: region.count)),
      ends: ends.map { $0 * MemoryLayout<Float>.stride })
  }

  /// Gives every process a run of some floats, and takes one from each; ends count floats.
  package func exchange(
    _ sent: FloatRegion, ends: [Int], into received: FloatRegion, ends receivedEnds: [Int]
  ) {
    let size = MemoryLayout<Float>.stride
    unsafe exchange(
      UnsafeRawBufferPointer(UnsafeBufferPointer(start: sent.base, count: sent.count)),
      ends: ends.map { $0 * size },
      into: UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(start: received.base, count: received.count)),
      ends: receivedEnds.map { $0 * size })
  }

  /// Completes doubles of which every process has written a run; `ends` counts doubles.
  package func gather(_ region: DoubleRegion, ends: [Int]) {
    unsafe gather(
      UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(start: region.base, count: region.count)),
      ends: ends.map { $0 * MemoryLayout<Double>.stride })
  }

  /// Completes bytes of which every process has written a run.
  package func gather(_ region: ByteRegion, ends: [Int]) {
    unsafe gather(
      UnsafeMutableRawBufferPointer(start: region.base, count: region.count), ends: ends)
  }

  /// The bytes of every process, in the order of the ranks; the same on all of them.
  package func all(_ bytes: [UInt8]) -> [[UInt8]] {
    var sizes = [UInt64](repeating: 0, count: count)
    sizes[rank] = UInt64(bytes.count)
    let size = MemoryLayout<UInt64>.stride
    unsafe sizes.withUnsafeMutableBytes { unsafe gather($0, ends: (1...count).map { $0 * size }) }
    let ends = sizes.indices.map { last in sizes[...last].reduce(0) { $0 + Int($1) } }
    var joined = [UInt8](repeating: 0, count: ends[count - 1])
    joined.replaceSubrange(ends[rank] - bytes.count..<ends[rank], with: bytes)
    unsafe joined.withUnsafeMutableBytes { unsafe gather($0, ends: ends) }
    return ends.indices.map { Array(joined[(ends[$0] - Int(sizes[$0]))..<ends[$0]]) }
  }

  /// The bytes of the first process, on all of them.
  package func first(_ bytes: @autoclosure () -> [UInt8]) -> [UInt8] {
    all(leads ? bytes() : [])[0]
  }

  /// Whether any process says so.
  package func any(_ flag: Bool) -> Bool { all(flag).contains(true) }

  /// What the first process says.
  package func first(_ flag: Bool) -> Bool { all(flag)[0] }

  /// What every process says, in the order of the ranks.
  private func all(_ flag: Bool) -> [Bool] {
    var flags = [Bool](repeating: flag, count: count)
    unsafe flags.withUnsafeMutableBytes { unsafe gather($0, ends: Array(1...count)) }
    return flags
  }
}

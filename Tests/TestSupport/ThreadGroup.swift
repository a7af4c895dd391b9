internal import Foundation
internal import Synchronization
package import Tensors

/// Threads that share batches as processes do, so that a test needs no other process.
package final class ThreadGroup: Sendable {
  private struct State {
    var memory: [UInt8] = []
    var arrived = 0, left = 0
  }

  private let count: Int
  private let changed = NSCondition()
  private let state = Mutex(State())

  private init(count: Int) { self.count = count }

  /// Runs `body` once for each of `count` members at the same time; returns what they return.
  package static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (any ProcessGroup) -> Value
  ) -> [Value] {
    let group = ThreadGroup(count: count)
    let values = Mutex<[Int: Value]>([:])
    let ended = DispatchSemaphore(value: 0)
    // Kept until all members have ended.
    let box = Box(values: consume values)
    for rank in 0..<count {
      let thread = Thread {
        let value = body(Member(rank: rank, group: group))
        box.values.withLock { $0[rank] = value }
        ended.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<count { ended.wait() }
    return box.values.withLock { values in (0..<count).compactMap { values[$0] } }
  }

  private final class Box<Value: Sendable>: Sendable {
    let values: Mutex<[Int: Value]>
    init(values: consuming sending Mutex<[Int: Value]>) { self.values = values }
  }

  private struct Member: ProcessGroup {
    let rank: Int
    let group: ThreadGroup
    var count: Int { group.count }

    @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
      unsafe group.gather(memory, ends: ends, rank: rank)
    }

    @unsafe func exchange(
      _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
      ends receivedEnds: [Int]
    ) {
      let places = [0] + ends
      // Everything goes to everyone, with where each one's part is.
      let starts = all(places.flatMap { place in (0..<8).map { UInt8(place >> (8 * $0) & 255) } })
      let given = zip(starts, unsafe all(Array(sent))).map { starts, bytes in
        let places = (0..<count + 1).map { index in
          (0..<8).reduce(0) { $0 | Int(starts[8 * index + $1]) << (8 * $1) }
        }
        return bytes[places[rank]..<places[rank + 1]]
      }
      precondition(
        given.map(\.count) == zip(receivedEnds, [0] + receivedEnds).map(-),
        "\(receivedEnds) bytes of \(given.map(\.count))")
      unsafe received.copyBytes(from: given.joined())
    }
  }

  @unsafe private func gather(
    _ memory: UnsafeMutableRawBufferPointer, ends: [Int], rank: Int
  ) {
    changed.lock()
    // The gathering before is over when all have taken its result.
    while state.withLock({ $0.left > 0 }) { changed.wait() }
    let own = (rank == 0 ? 0 : ends[rank - 1])..<ends[rank]
    let mine = unsafe Array(memory[own])
    state.withLock { state in
      if state.arrived == 0 { state.memory = [UInt8](repeating: 0, count: ends[count - 1]) }
      state.memory.replaceSubrange(own, with: mine)
      state.arrived += 1
      if state.arrived == count { state.left = count }
    }
    changed.broadcast()
    while state.withLock({ $0.left == 0 }) { changed.wait() }
    let whole = state.withLock { state in
      state.left -= 1
      if state.left == 0 { state.arrived = 0 }
      return state.memory
    }
    unsafe memory.copyBytes(from: whole)
    changed.broadcast()
    changed.unlock()
  }
}

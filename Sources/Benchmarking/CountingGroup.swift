internal import Support
internal import Synchronization
internal import Tensors

/// Processes of which is noted what they move, and how long that takes.
final class CountingGroup: ProcessGroup {
  /// A call that brings memory together.
  struct Call { var bytes: Int, seconds: Double }

  let rank: Int, count: Int
  private let group: any ProcessGroup
  private let noted = Mutex<[Call]>([])

  init(_ group: any ProcessGroup) {
    self.group = group
    (rank, count) = (group.rank, group.count)
  }

  /// All calls so far.
  var calls: [Call] { noted.withLock(\.self) }

  @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
    note(bytes: ends[count - 1]) { unsafe group.gather(memory, ends: ends) }
  }

  @unsafe func exchange(
    _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
    ends receivedEnds: [Int]
  ) {
    note(bytes: receivedEnds[count - 1]) {
      unsafe group.exchange(sent, ends: ends, into: received, ends: receivedEnds)
    }
  }

  private func note(bytes: Int, _ call: () -> Void) {
    let start = ContinuousClock.now
    call()
    let call = Call(bytes: bytes, seconds: (ContinuousClock.now - start).seconds)
    noted.withLock { $0.append(call) }
  }
}

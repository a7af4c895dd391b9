internal import CMessagePassing
internal import Foundation
internal import Tensors

/// Moves memory on one channel, and gives the core to others while it waits.
struct Exchange: ProcessGroup {
  let rank: Int, count: Int
  var channel = Int32(mrb_channel_work)

  @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
    _ = unsafe gather(memory, ends: ends, within: nil)
  }

  /// - Returns: Whether the memory is complete; false if it is not in time.
  @unsafe func gather(
    _ memory: UnsafeMutableRawBufferPointer, ends: [Int], within limit: Duration?
  ) -> Bool {
    precondition(ends.last ?? 0 <= memory.count, "\(ends) bytes of \(memory.count)")
    let places = Places(ends: ends)
    // Both arrays are read until the end.
    return unsafe places.counts.withUnsafeBufferPointer { counts in
      unsafe places.offsets.withUnsafeBufferPointer { offsets in
        unsafe mrb_mpi_gather(channel, memory.baseAddress, counts.baseAddress, offsets.baseAddress)
        return isDone(within: limit)
      }
    }
  }

  @unsafe func exchange(
    _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
    ends receivedEnds: [Int]
  ) {
    precondition(
      ends.last ?? 0 <= sent.count && receivedEnds.last ?? 0 <= received.count,
      "\(ends) bytes of \(sent.count), \(receivedEnds) of \(received.count)")
    let (given, taken) = (Places(ends: ends), Places(ends: receivedEnds))
    // All arrays are read until the end.
    unsafe given.counts.withUnsafeBufferPointer { givenCounts in
      unsafe given.offsets.withUnsafeBufferPointer { givenOffsets in
        unsafe taken.counts.withUnsafeBufferPointer { counts in
          unsafe taken.offsets.withUnsafeBufferPointer { offsets in
            unsafe mrb_mpi_exchange(
              channel, sent.baseAddress, givenCounts.baseAddress, givenOffsets.baseAddress,
              received.baseAddress, counts.baseAddress, offsets.baseAddress)
            _ = isDone(within: nil)
          }
        }
      }
    }
  }

  /// Replaces floats by their sums over all processes, in the order of the library.
  func add(_ region: FloatRegion) {
    precondition(region.count <= Int(Int32.max), "\(region.count) floats at once")
    unsafe region.withUnsafeMutablePointer { floats in
      unsafe mrb_mpi_add(channel, floats, Int32(region.count))
      _ = isDone(within: nil)
    }
  }

  /// Where the bytes of each rank are.
  private struct Places {
    let counts: [Int32], offsets: [Int32]

    init(ends: [Int]) {
      precondition(ends.last ?? 0 <= Int(Int32.max), "\(ends.last ?? 0) bytes at once")
      offsets = [0] + ends.dropLast().map { Int32($0) }
      counts = zip(ends, offsets).map { Int32($0) - $1 }
    }
  }

  /// Waits until what was begun is done.
  ///
  /// - Returns: False if it is not in time.
  private func isDone(within limit: Duration?) -> Bool {
    let start = ContinuousClock.now
    var tests = 0
    while mrb_mpi_is_done(channel) == 0 {
      tests += 1
      guard tests >= 200 else {
        sched_yield()
        continue
      }
      let waited = ContinuousClock.now - start
      if let limit, waited > limit { return false }
      // An eighth of what was waited, so that a long wait takes no core.
      usleep(UInt32(min(500, max(20, waited / .microseconds(8)))))
    }
    return true
  }
}

internal import CKernels

/// The peak rates of the machine, which `marbles bench` compares kernels with.
///
/// Rates vary from moment to moment. On a machine that does other work too, measure them right
/// beside what they are compared with.
public enum MachineProbe {
  /// Floating-point operations per second of all workers together, multiply-adds in registers.
  ///
  /// - Parameter duration: About how long to measure, seconds.
  public static func operationsPerSecond(workers: Workers, duration: Double = 0.1) -> Double {
    let rounds = 1_000_000
    let perRound = mrb_multiply_add_chains(1).operations
    let sums = Arena(pieces: [workers.count]).piece(workers.count)
    return best(for: duration) {
      workers.run(workers.count) { task in
        sums[task] = mrb_multiply_add_chains(rounds).sum
      }
      return Double(workers.count * rounds) * perRound
    }
  }

  /// Bytes per second that one worker reads from a block of `blockSize` bytes, over and over.
  public static func bytesPerSecond(blockSize: Int, duration: Double = 0.06) -> Double {
    let block = Arena(pieces: [blockSize / 4]).piece(blockSize / 4)
    let sum = Arena(pieces: [1]).piece(1)
    return best(for: duration) {
      sum[0] = unsafe mrb_read(block.base, block.count)
      return Double(blockSize)
    }
  }

  /// The largest rate of several rounds of `work`, which returns how much it did.
  private static func best(for duration: Double, _ work: () -> Double) -> Double {
    let start = ContinuousClock.now
    var largest = 0.0
    repeat {
      let before = ContinuousClock.now
      let amount = work()
      largest = max(largest, amount / ((.now - before) / .seconds(1)))
    } while (.now - start) / .seconds(1) < duration
    return largest
  }
}

internal import CKernels

/// The peak rates of the machine, which `marbles bench` compares kernels with.
///
/// Rates vary from moment to moment. On a machine that does other work too, measure them right
/// beside what they are compared with.
public enum MachineProbe {
  /// Floating-point operations per second of all workers together, multiply-adds in registers.
  ///
  /// - Parameters:
  ///   - precision: What is multiplied; float32 where the processor has no products of it.
  ///   - duration: About how long to measure, seconds.
  public static func operationsPerSecond(
    workers: Workers, precision: Precision = .float32, duration: Double = 0.1
  ) -> Double {
    let rounds = 1_000_000
    let format = precision.format()
    let perRound = mrb_multiply_add_chains(format, 1).operations
    let sums = Arena(pieces: [workers.count]).piece(workers.count)
    return best(for: duration) {
      workers.run(workers.count) { task in
        sums[task] = mrb_multiply_add_chains(format, rounds).sum
      }
      return Double(workers.count * rounds) * perRound
    }
  }

  /// Bytes per second that all workers together read from a block of `blockSize` bytes, each its
  /// own part, over and over.
  public static func bytesPerSecond(
    workers: Workers, blockSize: Int, duration: Double = 0.06
  ) -> Double {
    let size = max(1, blockSize / 4 / workers.count)
    let arena = Arena(pieces: Array(repeating: size, count: workers.count) + [workers.count])
    let blocks = (0..<workers.count).map { _ in arena.piece(size) }
    let sums = arena.piece(workers.count)
    // Until they are written to, all of them may be one page of zeros.
    for block in blocks { block.fill(1) }
    return best(for: duration) {
      workers.run(workers.count) { task in
        sums[task] = unsafe mrb_read(blocks[task].base, size)
      }
      return Double(4 * size * workers.count)
    }
  }

  /// The same for one worker.
  public static func bytesPerSecond(blockSize: Int, duration: Double = 0.06) -> Double {
    bytesPerSecond(workers: Workers(count: 1), blockSize: blockSize, duration: duration)
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

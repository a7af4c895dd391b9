internal import Foundation
internal import Synchronization

/// A fixed number of threads that share a list of independent tasks.
///
/// What is computed must not depend on `count`: callers cut their work into tasks by the size of
/// the work alone and combine results in task order.
public struct Workers: Sendable {
  /// How many threads work at once, at least 1.
  public let count: Int

  /// Creates a team of workers.
  ///
  /// - Parameter count: Threads; by default one for each core.
  /// - Precondition: `count` is positive.
  public init(count: Int = Workers.coreCount) {
    precondition(count > 0, "\(count) workers")
    self.count = count
  }

  /// How many processor cores this process may use.
  public static var coreCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Runs `body` once for each task number in `0..<taskCount` and returns when all are done.
  ///
  /// Tasks are handed out in order, one at a time, to whichever worker is free; `body` must only
  /// write to places that belong to its task.
  public func run(_ taskCount: Int, _ body: @Sendable (_ task: Int) -> Void) {
    run(taskCount) { task, _ in body(task) }
  }

  /// The same, telling `body` which worker in `0..<count` runs it, so that it can use that
  /// worker's scratch memory.
  public func run(_ taskCount: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    let threads = min(count, taskCount)
    guard threads > 1 else {
      for task in 0..<max(0, taskCount) { body(task, 0) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < taskCount else { return }
        body(task, worker)
      }
    }
  }
}

internal import CKernels
internal import Foundation

/// A fixed number of threads that share a list of independent tasks.
///
/// Results must not depend on `count`: callers cut their work into tasks by the size of the work
/// alone and combine results in task order.
public struct Workers: Sendable {
  /// How many threads work at once, at least 1.
  public let count: Int
  /// The processes that share every batch, each with threads of its own; nil if this one is alone.
  package let processes: (any ProcessGroup)?
  /// Bytes that passes of training may take, if they can do with as few; nil for any number.
  ///
  /// Results do not depend on it, but some of them are computed twice.
  public var memoryLimit: Int?

  /// Creates a team of workers.
  ///
  /// - Parameters:
  ///   - count: Threads; by default one for each core.
  ///   - memoryLimit: Bytes that passes of training may take.
  /// - Precondition: `count` is positive.
  public init(count: Int = Workers.coreCount, memoryLimit: Int? = nil) {
    self.init(count: count, processes: nil)
    self.memoryLimit = memoryLimit
  }

  /// Creates a team whose batches are shared with other processes.
  ///
  /// - Precondition: `count` is positive.
  package init(count: Int, processes: (any ProcessGroup)?) {
    precondition(count > 0, "\(count) workers")
    self.count = count
    self.processes = processes
  }

  /// The same threads without the other processes, for work that is not shared.
  package var alone: Workers { Workers(count: count, memoryLimit: memoryLimit) }

  /// How many processor cores this process may use.
  public static var coreCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Runs `body` once for each task number in `0..<taskCount` and returns when all are done.
  ///
  /// Tasks are handed out in order, one at a time, to whichever worker is free; `body` must only
  /// write to places that belong to its task. Workers are threads of the whole process: while they
  /// are busy, another call runs its tasks one after the other itself.
  public func run(_ taskCount: Int, _ body: @Sendable (_ task: Int) -> Void) {
    run(taskCount) { task, _ in body(task) }
  }

  /// The same, telling `body` which worker in `0..<count` runs it, so that it can use that
  /// worker's scratch memory.
  public func run(_ taskCount: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    guard taskCount > 0 else { return }
    runTasks(taskCount, count, body)
  }
}

/// `mrb_run_tasks` of worker_pool.c, which calls a closure by the Swift calling convention.
@_silgen_name("mrb_run_tasks")
private func runTasks(
  _ taskCount: Int, _ workerCount: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void)

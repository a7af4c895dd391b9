internal import Dispatch
internal import Synchronization

/// Handles values on a separate thread; of those waiting, only the latest.
///
/// For work that follows training without delaying it, such as drawing figures: while one value is
/// handled, newer ones replace each other.
public final class LatestValueWorker<Value: Sendable>: Sendable {
  private struct State {
    var waiting: Value?
    var isRunning = false
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let queue: DispatchQueue
  private let handle: @Sendable (Value) throws -> Void

  /// Creates a worker.
  ///
  /// - Parameters:
  ///   - label: The name of its queue.
  ///   - handle: Called with one value at a time, never on the caller's thread.
  public init(label: String, _ handle: @escaping @Sendable (Value) throws -> Void) {
    queue = DispatchQueue(label: label, qos: .utility)
    self.handle = handle
  }

  /// Hands over a value and returns at once.
  public func submit(_ value: sending Value) {
    let starts = state.withLock { state in
      state.waiting = value
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if starts { queue.async { self.handleWaiting() } }
  }

  /// Waits until the latest value is handled.
  ///
  /// - Throws: The last error of the handler, unless a later value succeeded.
  public func finish() throws {
    queue.sync {}
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private func handleWaiting() {
    while let value = next() {
      let failure: (any Error)?
      do {
        try handle(value)
        failure = nil
      } catch {
        failure = error
      }
      state.withLock { $0.failure = failure }
    }
  }

  /// Takes the waiting value; if there is none, returns nil and the worker becomes idle.
  private func next() -> Value? {
    state.withLock { state in
      defer { state.waiting = nil }
      state.isRunning = state.waiting != nil
      return state.waiting
    }
  }
}

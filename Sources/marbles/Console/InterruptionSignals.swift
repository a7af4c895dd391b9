import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C, SIGTERM, a closed terminal and a closed pipe into a flag that the training loop
/// reads.
///
/// Until `hold` there is nothing to save, and the first one ends the process. After it, the first
/// one asks the loop to save and stop, and a second Ctrl-C or SIGTERM ends the process at once; not
/// a second SIGHUP, as terminals send several, and not within a second: `timeout` signals the
/// process and then its group.
struct InterruptionSignals {
  private struct State {
    var isHeld = false
    var code: FailureCode?
    /// When a Ctrl-C or SIGTERM came first.
    var first: ContinuousClock.Instant?
  }

  private final class Received: Sendable {
    let state = Mutex(State())
    let arrival = DispatchSemaphore(value: 0)

    var code: FailureCode? {
      state.withLock(\.code)
        ?? (Console.pipeWasClosed.load(ordering: .relaxed) ? .pipeClosed : nil)
    }
  }

  private let received = Received()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen; the signals no longer end the process in the system's way.
  init() {
    signal(SIGPIPE, SIG_IGN)
    // Under nohup, the run outlives its terminal.
    let numbers = [SIGINT, SIGTERM] + (Self.ignore(SIGHUP) ? [] : [SIGHUP])
    sources = numbers.map { [received] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        received.state.withLock { state in
          let code = number == SIGHUP ? FailureCode.hungUp : .interrupted
          guard state.isHeld else {
            // Below a progress bar.
            if Console.errorIsTerminal { Console.note("") }
            Console.note("interrupted before training began; nothing was changed")
            _exit(code.rawValue)
          }
          if state.code != .interrupted { state.code = code }
          guard code == .interrupted else { return }
          if let first = state.first, .now - first > Self.sameRequest { _exit(code.rawValue) }
          state.first = state.first ?? .now
        }
        received.arrival.signal()
      }
      source.activate()
      return source
    }
  }

  /// Signals that come within this time of the first are the same request.
  private static let sameRequest = Duration.seconds(1)

  /// From now on, who is interrupted saves and ends in its own way.
  func hold() { received.state.withLock { $0.isHeld = true } }

  /// Waits for the first signal that is held.
  func wait() { received.arrival.wait() }

  /// How the process ends because of what was received; nil if nothing was.
  var code: FailureCode? { received.code }

  /// Tells any thread whether something was received.
  var isReceived: @Sendable () -> Bool { { [received] in received.code != nil } }

  /// Ignores a signal.
  ///
  /// - Returns: Whether it was ignored before.
  private static func ignore(_ number: Int32) -> Bool {
    let before = unsafe unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
    return unsafe before == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C, SIGTERM, a closed terminal and a closed pipe into a flag that the training loop
/// reads.
///
/// The first one asks the loop to save and stop. A second Ctrl-C or SIGTERM ends the process at
/// once; not a second SIGHUP, as terminals send several.
struct InterruptionSignals {
  private final class Request: Sendable {
    let wasMade = Atomic<Bool>(false)
    let hungUp = Atomic<Bool>(false)
  }

  private let request = Request()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen; the signals no longer end the process.
  init() {
    signal(SIGPIPE, SIG_IGN)
    // Under nohup, the run outlives its terminal.
    let numbers = [SIGINT, SIGTERM] + (Self.ignore(SIGHUP) ? [] : [SIGHUP])
    sources = numbers.map { [request] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if number == SIGHUP {
          request.hungUp.store(true, ordering: .relaxed)
        } else if request.wasMade.exchange(true, ordering: .relaxed) {
          _exit(FailureCode.interrupted.rawValue)
        }
      }
      source.activate()
      return source
    }
  }

  /// How the process ends because of what was received; nil if nothing was.
  var code: FailureCode? {
    if request.wasMade.load(ordering: .relaxed) { return .interrupted }
    if request.hungUp.load(ordering: .relaxed) { return .hungUp }
    return Console.pipeWasClosed.load(ordering: .relaxed) ? .pipeClosed : nil
  }

  /// Ignores a signal.
  ///
  /// - Returns: Whether it was ignored before.
  private static func ignore(_ number: Int32) -> Bool {
    let before = unsafe unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
    return unsafe before == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

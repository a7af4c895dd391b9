import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into a flag that the training loop reads.
///
/// The first one asks the loop to save and stop; the second one ends the process at once.
struct InterruptionSignals {
  private final class Request: Sendable {
    let wasMade = Atomic<Bool>(false)
  }

  private let request = Request()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen; the signals no longer end the process.
  init() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [request] in
        if request.wasMade.exchange(true, ordering: .relaxed) {
          _exit(FailureCode.interrupted.rawValue)
        }
      }
      source.activate()
    }
  }

  /// Whether a signal was received.
  var wereReceived: Bool { request.wasMade.load(ordering: .relaxed) }
}

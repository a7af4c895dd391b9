import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and a polite kill as a question the training loop can ask.
///
/// The first one asks the loop to save and stop; the second one ends the process at once.
struct Interruption {
  private final class Request: Sendable {
    let wasMade = Atomic<Bool>(false)
  }

  private let request = Request()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen.
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

  /// Whether somebody asked to stop.
  var isRequested: Bool { request.wasMade.load(ordering: .relaxed) }
}

internal import Foundation
internal import Synchronization

/// Ends this process, and with it all others, if they do not do their part in time.
final class Deadline: Sendable {
  /// The exit code of a failure of the system.
  static let exitCode: Int32 = 70

  private let isMet = Mutex(false)

  /// Starts the time.
  ///
  /// - Parameters:
  ///   - rank: Each rank waits a second longer than the one before, so that one of them reports.
  ///   - kills: Whether to end by a signal: the mpirun of MPICH ends no others for an exit code of
  ///     a process that has not joined.
  ///   - waiting: Who waits, and for what, as the beginning of a sentence.
  init(_ limit: Duration, rank: Int, kills: Bool = false, _ waiting: String) {
    let text =
      "error: \(waiting) after \(limit.components.seconds) seconds; all ranks end\n"
    let seconds = Double(limit.components.seconds) + Double(rank)
    Thread.detachNewThread { [self] in
      Thread.sleep(forTimeInterval: seconds)
      isMet.withLock { isMet in
        guard !isMet else { return }
        FileHandle.standardError.write(Data(text.utf8))
        LauncherProcesses().endLater()
        // A call of the library may be what does not return; mpirun ends the others.
        if kills { kill(getpid(), SIGKILL) }
        _exit(Self.exitCode)
      }
    }
  }

  /// The others have done their part.
  func meet() { isMet.withLock { $0 = true } }
}

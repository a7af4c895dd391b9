import Foundation
import Support
import Synchronization

/// Prints text: results to standard output, everything else to standard error.
enum Console {
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  /// Whether to use color codes on standard error.
  static let usesColor =
    errorIsTerminal && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Columns of the terminal; 80 if there is none.
  static var width: Int { terminal.map { Int($0.ws_col) } ?? 80 }

  /// Rows of the terminal; 24 if there is none.
  static var height: Int { terminal.map { Int($0.ws_row) } ?? 24 }

  /// The size of the terminal; nil if there is none, or if it has none.
  private static var terminal: winsize? {
    var size = winsize()
    let isKnown = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
    return isKnown && size.ws_col > 0 && size.ws_row > 0 ? size : nil
  }

  /// Makes failures of writing errors of their own instead of signals or other files' content.
  static func prepare() {
    // A limit on the size of files.
    signal(SIGXFSZ, SIG_IGN)
    // The next file opened would take the place of a closed stream.
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// From now on prints nothing but errors.
  static func silence() { isSilent.store(true, ordering: .relaxed) }

  private static let isSilent = Atomic<Bool>(false)

  /// Prints a result; `finish` tells whether all arrived.
  static func output(_ text: String) {
    outputFailure.withLock { failure in
      guard failure == 0 else { return }
      failure = write((outputIsTerminal ? text.withoutCodes : text) + "\n", to: STDOUT_FILENO)
    }
  }

  /// Prints a message for a person, on one line.
  static func note(_ text: String) { _ = write(text.printable + "\n", to: STDERR_FILENO) }

  /// Prints a text of several lines for a person; names in it are printable.
  static func note(lines text: String) {
    text.split(separator: "\n", omittingEmptySubsequences: false).forEach { note(String($0)) }
  }

  /// Writes text with codes for the terminal.
  static func write(status text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Replaces the current line of the terminal.
  static func status(_ text: String) {
    _ = write("\r\u{1B}[2K" + text, to: STDERR_FILENO)
  }

  /// Closes standard output.
  ///
  /// A reader that has gone ends the process as its signal would have.
  ///
  /// - Throws: `Failure` if a result could not be written.
  static func finish() throws {
    let failure = outputFailure.withLock { failure in
      // Some file systems tell only now that there is no space.
      if failure == 0, close(STDOUT_FILENO) != 0, errno != EINTR { failure = errno }
      return failure
    }
    if failure == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    guard failure == 0 else {
      let reason = unsafe String(cString: strerror(failure))
      throw Failure(.output, "standard output: cannot write: \(reason)")
    }
  }

  /// The system's number for the first failure on standard output; 0 for none.
  private static let outputFailure = Mutex<Int32>(0)

  /// A name of a million letters is not printed whole.
  private static let longestError = 2000

  /// Prints what went wrong: on one line, which is broken between words for a terminal.
  static func error(_ text: String) {
    let words = "error: \(text.fitted(longestError))"
      .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let text = words.lines(width: errorIsTerminal ? width - 2 : .max, separator: " ")
      .joined(separator: "\n  ")
    _ = write(
      usesColor ? "\u{1B}[31merror:\u{1B}[0m\(text.dropFirst(6))\n" : "\(text)\n",
      to: STDERR_FILENO, isError: true)
  }

  /// Whether text was written into a pipe that nobody reads any more.
  static let pipeWasClosed = Atomic<Bool>(false)

  /// Writes text, all of it or up to a failure; returns the system's number for that, or 0.
  private static func write(_ text: String, to stream: Int32, isError: Bool = false) -> Int32 {
    guard isError || !isSilent.load(ordering: .relaxed) else { return 0 }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Foundation.write(stream, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Another program has made the stream one that does not wait.
        var state = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&state, 1, -1)
      } else if errno != EINTR {
        let failure = errno
        if failure == EPIPE { pipeWasClosed.store(true, ordering: .relaxed) }
        return failure
      }
    }
    return 0
  }
}

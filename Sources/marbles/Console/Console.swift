import Foundation

/// Prints text: results to standard output, everything else to standard error.
enum Console {
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  /// Whether to use color codes on standard error.
  static let usesColor =
    errorIsTerminal && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Columns of the terminal; 80 if there is none.
  static var width: Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }

  /// Prints a result.
  static func output(_ text: String) { write(text + "\n", to: .standardOutput) }

  /// Prints a message for a person.
  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// Replaces the current line of the terminal.
  static func status(_ text: String) {
    write("\r\u{1B}[2K" + text, to: .standardError)
  }

  /// Prints what went wrong, on one line.
  static func error(_ text: String) {
    let text = text.printable
    write(
      usesColor ? "\u{1B}[31merror:\u{1B}[0m \(text)\n" : "error: \(text)\n", to: .standardError)
  }

  /// Writes text; errors such as a closed pipe or a full disk are ignored.
  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}

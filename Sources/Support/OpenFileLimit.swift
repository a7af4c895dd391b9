internal import Foundation

/// How many files this process may have open at once (`ulimit -n`).
package enum OpenFileLimit {
  /// How many more files can be opened now, counted up to `most`.
  package static func available(upTo most: Int) -> Int {
    var copies: [Int32] = []
    defer { copies.forEach { close($0) } }
    while copies.count < most {
      let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else { break }
      copies.append(copy)
    }
    return copies.count
  }
}

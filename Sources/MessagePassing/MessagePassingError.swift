/// Why processes that were started together cannot work together.
package enum MessagePassingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The library of the launcher's implementation cannot be opened.
  case library(implementation: String, file: String, reason: String)
  /// The library found another number of processes than the launcher started.
  case count(implementation: String, started: Int, found: Int)
  /// More processes than a batch has shards.
  case tooMany(Int, limit: Int)

  package var description: String {
    switch self {
    case .library(let implementation, let file, let reason):
      "started by mpirun of \(implementation), whose library \(file) cannot be used: \(reason); "
        + "install it, or start without mpirun"
    case .count(let implementation, let started, let found):
      "started by mpirun of \(implementation) as one of \(started), but its library knows of "
        + "\(found); use the mpirun and the library of one installation"
    case .tooMany(let count, let limit):
      "started as \(count) processes, but a batch is divided among \(limit) at most; give mpirun "
        + "-np \(limit) or less"
    }
  }
}

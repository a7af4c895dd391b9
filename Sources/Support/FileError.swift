internal import Foundation

/// Why a file could not be written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file that was to be written.
  public let path: String
  /// The reason, as the system states it.
  public let reason: String

  public var description: String { "\(path): cannot write: \(reason)" }

  /// Creates an error from its parts.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Describes the failure of the last system call.
  package static func lastSystemCall(_ path: String) -> FileError {
    FileError(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}

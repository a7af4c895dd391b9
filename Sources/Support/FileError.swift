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

  /// Describes a failure reported by Foundation, without the framework's sentence around it.
  package init(path: String, _ error: any Error) {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
    self.init(
      path: path,
      reason: underlying.map { unsafe String(cString: strerror(Int32($0.code))) }
        ?? error.localizedDescription)
  }

  /// Describes the failure of the last system call.
  package static func lastSystemCall(_ path: String) -> FileError {
    FileError(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}

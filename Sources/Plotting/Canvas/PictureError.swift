internal import Foundation

/// Why a picture could not be made.
public enum PictureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file could not be written; `reason` is the system's word for it.
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .unwritable(let path, let reason): "\(path): cannot write the picture: \(reason)"
    }
  }
}

/// A name in the same folder that no other writer uses.
func temporaryName(beside path: String) -> String { "\(path).\(getpid()).part" }

func removeFile(_ path: String) { unsafe unlink(path) }

func moveFile(_ source: String, to destination: String) throws(PictureError) {
  guard unsafe rename(source, destination) == 0 else {
    let reason = unsafe String(cString: strerror(errno))
    removeFile(source)
    throw .unwritable(path: destination, reason: reason)
  }
}

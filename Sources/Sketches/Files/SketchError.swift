/// Why a set of sketches could not be written.
public enum SketchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The folder holds something that is not part of this set; nothing was written.
  case folderInUse(path: String, found: String)
  /// A file or folder could not be written; `reason` is the system's message.
  case unwritable(path: String, reason: String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .folderInUse(let path, let found):
      "\(path): the folder already holds \(found), which is not part of this set; "
        + "name an empty or new folder"
    case .unwritable(let path, let reason): "\(path): cannot write the sketch: \(reason)"
    }
  }
}

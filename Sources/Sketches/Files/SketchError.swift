/// Why a set of sketches could not be written.
public enum SketchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The folder holds something this set does not; nothing was written.
  case folderInUse(path: String, found: String)
  /// A file or folder could not be written; `reason` is the system's word for it.
  case unwritable(path: String, reason: String)

  /// One line for a person.
  public var description: String {
    switch self {
    case .folderInUse(let path, let found):
      "\(path): the folder already holds \(found), which is not of this set; "
        + "name an empty or new folder"
    case .unwritable(let path, let reason): "\(path): cannot write the sketch: \(reason)"
    }
  }
}

internal import Foundation

/// Folders, with the reasons of the system when there is something wrong with them.
package enum Folder {
  /// Whether a path names a folder; links are followed.
  ///
  /// - Throws: Why it cannot be told.
  package static func isOne(_ path: String) throws(PlainFile.Refusal) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .lastSystemCall }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// Creates a folder unless it is there.
  ///
  /// - Parameter withParents: Whether to create those above it, too.
  /// - Throws: `FileError` naming the folder that could not be created.
  package static func create(_ path: String, withParents: Bool = true) throws(FileError) {
    if unsafe mkdir(path, 0o777) == 0 { return }
    let failure = errno
    if (try? isOne(path)) == true { return }
    if withParents, failure == ENOENT, AtomicFile.folder(of: path) != path, !path.isEmpty {
      try create(AtomicFile.folder(of: path))
      if unsafe mkdir(path, 0o777) == 0 || (try? isOne(path)) == true { return }
      throw .lastSystemCall(path)
    }
    errno = failure == EEXIST ? ENOTDIR : failure
    throw .lastSystemCall(path)
  }
}

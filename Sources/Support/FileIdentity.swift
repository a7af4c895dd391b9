internal import Foundation

/// A file or folder itself, whatever path or link leads to it.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64, node: UInt64

  /// Nil if nothing is there.
  package init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    (device, node) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }

  /// A canonical path and all folders above it, as far as they are there.
  ///
  /// Unlike their paths, they are the same wherever a folder is mounted.
  package static func folders(above path: String) -> Set<FileIdentity> {
    var folders: Set<FileIdentity> = []
    var folder = path
    while true {
      if let identity = FileIdentity(folder) { folders.insert(identity) }
      if folder == "/" || folder == "." { return folders }
      folder = AtomicFile.folder(of: folder)
    }
  }
}

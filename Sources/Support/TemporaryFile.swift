internal import Foundation

/// A file of this process alone, beside the one it is to become.
///
/// Its name cannot be guessed, and it is locked while it is open: one without a lock was left
/// behind by a process that was killed.
struct TemporaryFile {
  let descriptor: Int32
  let path: String

  static let suffix = ".part"
  /// Hexadecimal digits between the name and the suffix.
  static let digitCount = 16
  /// Bytes of a file name on all common file systems.
  private static let longestName = 255

  /// Creates and locks a file; nothing that exists is opened, whatever it is.
  ///
  /// - Throws: `FileError` naming `target`.
  init(beside target: String, mode: mode_t) throws(FileError) {
    let folder = AtomicFile.folder(of: target)
    var name = target.split(separator: "/").last.map(String.init) ?? ""
    // Shortened, it no longer says what it is to become, and is only cleared away by hand.
    while name.utf8.count + 1 + Self.digitCount + Self.suffix.utf8.count > Self.longestName {
      name.removeLast()
    }
    while true {
      let digits = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
      let path = "\(folder)/\(name).\(digits)\(Self.suffix)"
      let descriptor = unsafe open(
        path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
      guard descriptor >= 0 else {
        if errno == EEXIST { continue }
        throw .lastSystemCall(target)
      }
      // Where the file system knows no locks, none is cleared away either.
      flock(descriptor, LOCK_EX)
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
        // Cleared away between the two calls.
        close(descriptor)
        continue
      }
      (self.descriptor, self.path) = (descriptor, path)
      return
    }
  }
}

extension AtomicFile {
  /// The file that a temporary file was meant to become; nil for other names.
  package static func destination(ofTemporary name: String) -> String? {
    guard name.hasSuffix(TemporaryFile.suffix) else { return nil }
    let rest = name.dropLast(TemporaryFile.suffix.count)
    let digits = rest.suffix(TemporaryFile.digitCount)
    let before = rest.dropLast(TemporaryFile.digitCount)
    guard digits.count == TemporaryFile.digitCount, digits.allSatisfy(\.isHexDigit),
      before.last == "."
    else { return nil }
    return String(before.dropLast())
  }

  /// Removes the temporary files of one file that no living process is writing.
  static func removeAbandoned(of path: String) {
    let name = path.split(separator: "/").last.map(String.init)
    removeAbandoned(in: folder(of: path)) { $0 == name }
  }

  /// Removes the temporary files in a folder that no living process is writing.
  ///
  /// - Parameter isOwn: Whether the file one was to become is the caller's.
  package static func removeAbandoned(
    in folder: String, where isOwn: (_ destination: String) -> Bool
  ) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let destination = destination(ofTemporary: name), isOwn(destination) else { continue }
      let path = "\(folder)/\(name)"
      let descriptor = unsafe Foundation.open(
        path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
      {
        unsafe unlink(path)
      }
    }
  }
}

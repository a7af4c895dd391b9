package import Foundation

/// Writes files so that a reader finds the old content or the new one, never a part.
///
/// Content goes to a temporary file beside the final one, which is renamed when it is complete.
package enum AtomicFile {
  /// Whether a write waits until the disk has the content.
  package enum Durability {
    /// The content survives a power cut.
    case synchronized
    /// The system writes when it likes; for files that can be made again.
    case relaxed
  }

  /// Replaces a file by `data`.
  ///
  /// - Throws: `FileError` naming `path` and the system's reason.
  package static func write(
    _ data: Data, to path: String, durability: Durability = .synchronized
  ) throws(FileError) {
    try write(to: path, durability: durability) { output throws(FileError) in
      try output.write(data)
    }
  }

  /// Replaces a file by what `body` writes, piece by piece.
  ///
  /// - Throws: `FileError` naming `path`; the old file stays, and no temporary file is left.
  package static func write(
    to path: String, durability: Durability = .synchronized,
    _ body: (Output) throws(FileError) -> Void
  ) throws(FileError) {
    // A terminal, a pipe or another device is written into, not replaced.
    if isDevice(path) { return try open(path, O_APPEND, body) }
    try replace(path, durability: durability) { temporary throws(FileError) in
      try open(temporary, O_TRUNC, body)
    }
  }

  /// Replaces a file by one that `body` writes at a temporary path, for libraries that open files
  /// themselves.
  ///
  /// A device keeps its path and is written into.
  ///
  /// - Throws: What `body` throws, naming `path` instead of the temporary one.
  package static func replace(
    _ path: String, durability: Durability = .synchronized,
    _ body: (_ temporaryPath: String) throws(FileError) -> Void
  ) throws(FileError) {
    if isDevice(path) { return try body(path) }
    let temporary = "\(path).\(getpid())\(temporarySuffix)"
    do throws(FileError) {
      try body(temporary)
      if durability == .synchronized { try synchronize(temporary) }
      guard unsafe rename(temporary, path) == 0 else { throw .lastSystemCall(path) }
    } catch {
      unsafe unlink(temporary)
      throw FileError(path: path, reason: error.reason)
    }
    if durability == .synchronized { synchronizeFolder(of: path) }
  }

  /// Adds to the end of a file in one call, so that no other writer comes between.
  ///
  /// - Throws: `FileError` naming `path`.
  package static func append(_ data: Data, to path: String) throws(FileError) {
    try open(path, O_APPEND) { output throws(FileError) in try output.write(data) }
  }

  /// The file that a temporary file was meant to become; nil for other names.
  ///
  /// A process that was killed leaves its temporary file behind.
  package static func destination(ofTemporary name: String) -> String? {
    guard name.hasSuffix(temporarySuffix) else { return nil }
    let rest = name.dropLast(temporarySuffix.count)
    guard let dot = rest.lastIndex(of: "."), Int32(rest[rest.index(after: dot)...]) != nil else {
      return nil
    }
    return String(rest[..<dot])
  }

  /// A file that is being written.
  package struct Output {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    /// Adds bytes at the end.
    package func write(_ data: Data) throws(FileError) {
      var rest = data[...]
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { bytes in
          unsafe Foundation.write(descriptor, bytes.baseAddress, bytes.count)
        }
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw .lastSystemCall(path) }
        rest = rest.dropFirst(count)
      }
    }
  }

  private static let temporarySuffix = ".part"

  private static func open(
    _ path: String, _ flag: Int32, _ body: (Output) throws(FileError) -> Void
  ) throws(FileError) {
    let descriptor = unsafe Foundation.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flag, 0o644)
    guard descriptor >= 0 else { throw .lastSystemCall(path) }
    defer { close(descriptor) }
    try body(Output(descriptor: descriptor, path: path))
  }

  private static func isDevice(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind != S_IFREG && kind != S_IFDIR
  }

  private static func synchronize(_ path: String) throws(FileError) {
    let descriptor = unsafe Foundation.open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .lastSystemCall(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .lastSystemCall(path) }
  }

  /// Makes a rename survive a power cut; where a file system refuses, the rename still holds.
  private static func synchronizeFolder(of path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = unsafe Foundation.open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

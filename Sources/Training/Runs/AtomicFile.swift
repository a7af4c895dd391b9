public import Foundation

/// Why a file could not be written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it should have gone.
  public let path: String
  /// The system's word for it.
  public let reason: String

  public var description: String { "\(path): cannot write: \(reason)" }

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The failure of the last system call.
  static func system(_ path: String) -> FileError {
    FileError(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}

/// Writes files so that a reader finds the old content or the new one, never a part.
public enum AtomicFile {
  /// Writes beside the file, waits until the disk has it, and renames.
  ///
  /// - Throws: `FileError` with the reason given by the system.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG,
      status.st_mode & S_IFMT != S_IFDIR
    {
      // A terminal, a pipe or another device is written into, not replaced.
      return try append(data, to: path)
    }
    let temporary = "\(path).\(getpid()).part"
    do throws(FileError) {
      try writeAndSync(data, to: temporary)
      guard unsafe rename(temporary, path) == 0 else { throw .system(path) }
    } catch {
      unsafe unlink(temporary)
      throw FileError(path: path, reason: error.reason)
    }
    syncFolder(of: path)
  }

  private static func writeAndSync(_ data: Data, to path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path) }
    defer { close(descriptor) }
    try writeAll(data, to: descriptor, path)
    guard fsync(descriptor) == 0 else { throw .system(path) }
  }

  /// Adds to the end of a file in one call, so that no other writer comes between.
  static func append(_ data: Data, to path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path) }
    defer { close(descriptor) }
    try writeAll(data, to: descriptor, path)
  }

  private static func writeAll(
    _ data: Data, to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var rest = data[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Foundation.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes a rename survive a power cut; where a file system refuses, the rename itself still holds.
  private static func syncFolder(of path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

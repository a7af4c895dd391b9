internal import Foundation

/// Reads whole files.
public enum FileBytes {
  /// Why a file could not be read, as the system states it.
  public struct Unreadable: Error, Equatable, Sendable {
    /// For example "Permission denied".
    public let reason: String
  }

  /// Largest file that is read, bytes; no image within `ImageDecoder.pixelLimit` is larger.
  private static let limit = 1 << 30

  /// Returns all bytes of a file.
  ///
  /// - Throws: `Unreadable`; also for anything but a plain file, since reading a pipe could wait
  ///   forever.
  public static func read(_ path: String) throws(Unreadable) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      // The listing replaced bytes that are not UTF-8, so no file has this name.
      if errno == ENOENT, path.contains("\u{FFFD}") { throw Unreadable(reason: nameIsNotUTF8) }
      throw lastFailure
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw lastFailure }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Unreadable(reason: "not a plain file") }
    guard status.st_size <= limit else { throw Unreadable(reason: "larger than 1 GiB") }
    let size = Int(status.st_size)
    var failure: Unreadable?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = unsafe Foundation.read(
          descriptor, buffer.baseAddress.map { unsafe $0 + count }, size - count)
        if read < 0 && errno == EINTR { continue }
        if read < 0 { failure = lastFailure }
        // A file that shrinks while it is read ends early.
        if read <= 0 { break }
        count += read
      }
    }
    if let failure { throw failure }
    return bytes
  }

  static let nameIsNotUTF8 = "its name is not UTF-8; rename it"

  private static var lastFailure: Unreadable {
    Unreadable(reason: unsafe String(cString: strerror(errno)))
  }
}

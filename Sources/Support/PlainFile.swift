package import Foundation

/// Opens and reads plain files: a pipe in the place of one could be waited for forever, and a
/// device has no end.
package enum PlainFile {
  /// Why a file could not be opened or read.
  package struct Refusal: Error, Equatable, Sendable {
    /// Whether nothing is there.
    package let isMissing: Bool
    /// Whether the process or the machine ran short of open files or memory, which says nothing
    /// of the file.
    package let isShortage: Bool
    /// For example "Permission denied".
    package let reason: String

    fileprivate init(reason: String) {
      (isMissing, isShortage, self.reason) = (false, false, reason)
    }

    /// The failure of the last system call.
    package static var lastSystemCall: Refusal { Refusal(systemNumber: errno) }

    init(systemNumber: Int32) {
      isMissing = systemNumber == ENOENT || systemNumber == ENOTDIR
      isShortage = [EMFILE, ENFILE, ENOMEM].contains(systemNumber)
      reason = unsafe String(cString: strerror(systemNumber))
    }
  }

  private static let notPlain = Refusal(reason: "not a plain file")
  private static let link = Refusal(reason: "a link, not a plain file")

  /// Opens a file without waiting for another process; who is given the descriptor closes it.
  ///
  /// - Parameters:
  ///   - flags: How, as the system call has them.
  ///   - mode: Of a file that is created.
  package static func open(
    _ path: String, _ flags: Int32, mode: mode_t = 0o644
  ) throws(Refusal) -> Int32 {
    var descriptor: Int32
    repeat {
      descriptor = unsafe Foundation.open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else {
      // A pipe without a reader; a link where none may be.
      if flags & O_NOFOLLOW != 0, errno == ELOOP { throw link }
      throw errno == ENXIO ? notPlain : .lastSystemCall
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw notPlain
    }
    return descriptor
  }

  /// All bytes of a file.
  ///
  /// - Parameters:
  ///   - limit: The largest size that is read: a file may claim more than there is memory.
  ///   - followsLinks: Whether a link at the end of the path is followed.
  package static func bytes(
    of path: String, limit: Int = 2 << 30, followsLinks: Bool = true
  ) throws(Refusal) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY | (followsLinks ? 0 : O_NOFOLLOW))
    defer { close(descriptor) }
    let size = try size(of: descriptor)
    guard size <= limit else { throw Refusal(reason: "larger than \(text(ofSize: limit))") }
    var failure: Refusal?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = unsafe Foundation.read(
          descriptor, buffer.baseAddress.map { unsafe $0 + count }, size - count)
        if read < 0 && errno == EINTR { continue }
        if read < 0 { failure = .lastSystemCall }
        // A file that shrinks while it is read ends early.
        if read <= 0 { break }
        count += read
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// A file mapped into memory, which must only ever be replaced as a whole.
  ///
  /// - Parameter followsLinks: Whether a link at the end of the path is followed.
  package static func mapped(
    _ path: String, followsLinks: Bool = true
  ) throws(Refusal) -> Data {
    let descriptor = try open(path, O_RDONLY | (followsLinks ? 0 : O_NOFOLLOW))
    defer { close(descriptor) }
    let size = try size(of: descriptor)
    // Nothing cannot be mapped.
    guard size > 0 else { return Data() }
    guard let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe start != MAP_FAILED
    else { throw .lastSystemCall }
    return unsafe Data(bytesNoCopy: start, count: size, deallocator: .unmap)
  }

  /// A limit in words.
  private static func text(ofSize bytes: Int) -> String {
    bytes >= 1 << 30
      ? "\(bytes >> 30) GiB" : bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }

  private static func size(of descriptor: Int32) throws(Refusal) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .lastSystemCall }
    return Int(status.st_size)
  }
}

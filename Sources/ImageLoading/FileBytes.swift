internal import Foundation

/// Reads whole files.
public enum FileBytes {
  /// Why a file could not be read, in the system's words.
  public struct Unreadable: Error, Equatable, Sendable {
    /// As in "Permission denied".
    public let reason: String
  }

  /// No image of the size we decode is larger, bytes.
  private static let limit = 1 << 30

  /// All bytes of a file.
  ///
  /// - Throws: `Unreadable`, also for what is not a plain file: a pipe would be waited for forever.
  public static func read(_ path: String) throws(Unreadable) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      // Such bytes were replaced when the folder was listed, so that the name leads nowhere.
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
        // A file that shrinks meanwhile ends early.
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

/// Places for the results of parallel tasks; every task writes its own place.
@safe final class Outcomes<Value: Sendable>: @unchecked Sendable {
  private let places: UnsafeMutableBufferPointer<Value?>

  init(count: Int) {
    unsafe places = .allocate(capacity: count)
    unsafe places.initialize(repeating: nil)
  }

  deinit {
    unsafe places.deinitialize()
    unsafe places.deallocate()
  }

  /// - Precondition: No other task writes this place, and nobody reads before all are done.
  func set(_ index: Int, _ value: Value) { unsafe places[index] = value }

  var values: [Value?] { unsafe Array(places) }
}

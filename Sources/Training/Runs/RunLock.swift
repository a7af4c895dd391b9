internal import Foundation
internal import Support

/// The right to write into a run: one process has it at a time.
///
/// The system gives it back when the process ends, however it ends. Where a shared disk has locks,
/// it holds between computers as well. Where there are none, the process that the file `lock`
/// names has the right, unless it is known to be dead.
public final class RunLock {
  private let descriptor: Int32
  /// The run's directory, locked as well where the file system can: the file may be deleted.
  private let directory: Int32

  /// Takes the lock of a run, until the last reference goes.
  ///
  /// - Throws: `TrainingError.locked` if a process is writing into the run, `.file` if the lock
  ///   cannot be created.
  public init(_ run: RunDirectory) throws(TrainingError) {
    // Kept only with the lock: `deinit` also runs for what throws later than that.
    let opened: Int32
    do {
      opened = try PlainFile.open(run.lock, O_RDWR | O_CREAT | O_NOFOLLOW)
    } catch {
      throw .file(FileError(path: run.lock, reason: error.reason))
    }
    let isTaken = flock(opened, LOCK_EX | LOCK_NB) != 0
    let reason = errno
    let holder = Holder(contentsOf: opened)
    let isLocked = isTaken && reason == EWOULDBLOCK
    if isLocked || isTaken && holder?.mayLive ?? false {
      close(opened)
      throw .locked(
        run: run.path, holder: holder?.description, lock: isLocked ? nil : run.lock)
    }
    let directory = unsafe open(run.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0, flock(directory, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(directory)
      close(opened)
      throw .locked(run: run.path, holder: nil, lock: nil)
    }
    descriptor = opened
    self.directory = directory
    Holder.current.write(to: descriptor)
  }

  /// The process on this computer that writes into a run; nil if none is known to.
  ///
  /// Only reads what the lock names, so that who wants the lock is never kept from it.
  package static func owner(of run: RunDirectory) -> Int32? {
    guard let descriptor = try? PlainFile.open(run.lock, O_RDONLY | O_NOFOLLOW) else { return nil }
    defer { close(descriptor) }
    let holder = Holder(contentsOf: descriptor)
    return holder.flatMap { $0.isHere && $0.isAlive ? $0.process : nil }
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
    if directory >= 0 { close(directory) }
  }
}

/// The process that a lock file names.
private struct Holder: CustomStringConvertible {
  var process: Int32, host: String

  static var current: Holder {
    var name = utsname()
    unsafe uname(&name)
    let host = unsafe withUnsafeBytes(of: &name.nodename) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Holder(process: getpid(), host: host)
  }

  var description: String { "process \(process) on \(host)" }

  /// Whether the process may be alive; those of other hosts cannot be asked.
  var mayLive: Bool { !isHere || process != getpid() && isAlive }

  /// Whether it is, or was, a process of this computer.
  var isHere: Bool { host == Holder.current.host }

  /// Whether this computer has a process of this number.
  var isAlive: Bool { kill(process, 0) == 0 || errno == EPERM }
}

extension Holder {
  /// Reads a lock file; nil if it names nobody.
  init?(contentsOf descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let process = Int32(words[0]), process > 0 else { return nil }
    self.init(process: process, host: String(words[1]))
  }

  /// Names the process for others; on a full disk, they only do without the name.
  func write(to descriptor: Int32) {
    let text = Array("\(process) \(host)\n".utf8)
    ftruncate(descriptor, 0)
    _ = unsafe pwrite(descriptor, text, text.count, 0)
  }
}

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

  /// What may be in the place of a file.
  package enum Place {
    /// A plain file or nothing, for files that Marbles has named.
    case own
    /// Also a link, which is followed, and what cannot be replaced, which is written into: for
    /// files that a person has named.
    case named
  }

  /// Replaces a file by `data`.
  ///
  /// - Throws: `FileError` naming `path` and the system's reason.
  package static func write(
    _ data: Data, to path: String, in place: Place = .own, durability: Durability = .synchronized
  ) throws(FileError) {
    try write(to: path, in: place, durability: durability) { output throws(FileError) in
      try output.write(data)
    }
  }

  /// Replaces a file by what `body` writes, piece by piece; its mode stays.
  ///
  /// - Throws: `FileError` naming `path`; the old file stays, and no temporary file is left.
  package static func write(
    to path: String, in place: Place = .own, durability: Durability = .synchronized,
    _ body: (Output) throws(FileError) -> Void
  ) throws(FileError) {
    // A terminal, a pipe or another device is written into, not replaced.
    if place == .named, isStream(path) { return try writeInto(stream: path, body) }
    do throws(FileError) {
      let target = place == .named ? try destination(of: path) : path
      try requirePlainFileOrNothing(target)
      if durability == .synchronized { removeAbandoned(of: target) }
      try replace(target, durability, body)
    } catch {
      throw FileError(path: path, reason: error.reason)
    }
  }

  /// Adds to the end of a file in one call, so that no other writer comes between.
  ///
  /// - Parameter creating: Whether a file that is not there is created.
  /// - Throws: `FileError` naming `path`; then nothing was added.
  package static func append(
    _ data: Data, to path: String, creating: Bool = false
  ) throws(FileError) {
    let descriptor = try open(path, O_APPEND | (creating ? O_CREAT : 0))
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    do throws(FileError) {
      try Output(descriptor: descriptor, path: path).write(data)
    } catch {
      if end >= 0 { ftruncate(descriptor, end) }
      throw error
    }
  }

  /// Where a path leads when the links at its end are followed, even if nothing is there yet.
  ///
  /// - Throws: `FileError` for links in a circle, and for a path that cannot be looked up.
  package static func destination(of path: String) throws(FileError) -> String {
    var place = path
    for _ in 0..<40 {
      var status = stat()
      guard unsafe lstat(place, &status) == 0 else {
        guard errno == ENOENT else { throw .lastSystemCall(path) }
        return place
      }
      guard status.st_mode & S_IFMT == S_IFLNK else { return place }
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else {
        throw .lastSystemCall(path)
      }
      place = target.hasPrefix("/") ? target : "\(folder(of: place))/\(target)"
    }
    errno = ELOOP
    throw .lastSystemCall(path)
  }

  /// Whether a path names what is written into and cannot be replaced: a device, a pipe, a stream
  /// of this process.
  package static func isStream(_ path: String) -> Bool {
    // A stream of its own may lead to a plain file; a block device is a disk, which holds files.
    ownDescriptor(path) != nil
      || kind(of: path).map { ![S_IFREG, S_IFDIR, S_IFBLK].contains($0) } ?? false
  }

  /// Whether a path names a pipe or a socket in a folder, which may have nobody at its other end.
  package static func isNamedPipe(_ path: String) -> Bool {
    ownDescriptor(path) == nil && kind(of: path).map { [S_IFIFO, S_IFSOCK].contains($0) } ?? false
  }

  /// What a path leads to, as the system has it; nil for nothing.
  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// The descriptor of this process that a path names, such as 1 for `/dev/stdout`; nil for others.
  package static func ownDescriptor(_ path: String) -> Int32? {
    if let number = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].firstIndex(of: path) {
      return Int32(number)
    }
    let number = ["/dev/fd/", "/proc/self/fd/"].lazy.filter(path.hasPrefix)
      .compactMap { Int32(path.dropFirst($0.count)) }.first
    return number ?? (isBehindStandardOutput(path) ? 1 : nil)
  }

  /// Whether a path leads to the file or pipe that standard output is sent into.
  private static func isBehindStandardOutput(_ path: String) -> Bool {
    var (output, other) = (stat(), stat())
    return unsafe fstat(1, &output) == 0 && stat(path, &other) == 0
      && [S_IFREG, S_IFIFO].contains(output.st_mode & S_IFMT)
      && output.st_dev == other.st_dev && output.st_ino == other.st_ino
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

  /// Replaces a file that is no link.
  private static func replace(
    _ target: String, _ durability: Durability, _ body: (Output) throws(FileError) -> Void
  ) throws(FileError) {
    var old = stat()
    let isThere = unsafe stat(target, &old) == 0
    // What only some could read, no one else can read meanwhile.
    let temporary = try TemporaryFile(beside: target, mode: isThere ? 0o600 : 0o644)
    defer { close(temporary.descriptor) }
    do throws(FileError) {
      try body(Output(descriptor: temporary.descriptor, path: target))
      if isThere {
        // Only root can give files away; for others the writer owns the new file.
        fchown(temporary.descriptor, old.st_uid, old.st_gid)
        fchmod(temporary.descriptor, old.st_mode & 0o7777)
      }
      if durability == .synchronized {
        guard fsync(temporary.descriptor) == 0 else { throw .lastSystemCall(target) }
      }
      guard unsafe rename(temporary.path, target) == 0 else { throw .lastSystemCall(target) }
    } catch {
      unsafe unlink(temporary.path)
      throw error
    }
    if durability == .synchronized { synchronizeFolder(of: target) }
  }

  /// Writes into what is there.
  private static func writeInto(
    stream path: String, _ body: (Output) throws(FileError) -> Void
  ) throws(FileError) {
    let descriptor: Int32
    if let own = ownDescriptor(path) {
      // Opened anew, a plain file behind a stream would be written from another place.
      descriptor = dup(own)
    } else {
      // Without a reader, a pipe is not waited for; with one, what it cannot yet take is.
      descriptor = unsafe Foundation.open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      }
    }
    guard descriptor >= 0 else { throw .lastSystemCall(path) }
    defer { close(descriptor) }
    try body(Output(descriptor: descriptor, path: path))
  }

  /// Opens one of Marbles' own files for writing.
  private static func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    do {
      return try PlainFile.open(path, O_WRONLY | O_NOFOLLOW | flags)
    } catch {
      throw FileError(path: path, reason: error.reason)
    }
  }

  /// Refuses what is not a plain file, also a link; folders are left to the system to refuse.
  package static func requirePlainFileOrNothing(_ path: String) throws(FileError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
      throw FileError(path: path, reason: "not a plain file")
    }
  }

  /// Waits until the disk has a file's content.
  package static func synchronize(_ path: String) throws(FileError) {
    let descriptor = try open(path, 0)
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .lastSystemCall(path) }
  }

  /// Makes a rename survive a power cut; where a file system refuses, the rename still holds.
  package static func synchronizeFolder(of path: String) {
    let descriptor = unsafe Foundation.open(folder(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The folder a path lies in; `.` for a name alone.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

import Foundation

/// What a disk may have after a power cut, made of what fsync had promised.
struct PowerCut {
  /// What became of everything that was not promised.
  enum Disk: String, CaseIterable {
    /// Names as their folder was last synchronized; files likewise.
    case strict
    /// The newest names; bytes that were not synchronized are missing.
    case short
    /// The newest names and lengths; bytes that were not synchronized are 0.
    case zeroed
  }

  private struct Entry {
    var kind: Character, inode: String, name: String, target: String
  }

  /// What Tools/chaos/faults.c has remembered.
  var shadow: String
  var disk: Disk

  /// Makes a copy of a folder as it is after the cut.
  ///
  /// The folder itself had been there before, empty.
  func rebuild(_ folder: String, as copy: String) throws {
    let inode = Self.inode(folder).map { "\($0)" } ?? ""
    try rebuild(inode: inode, live: folder, as: copy)
  }

  private func rebuild(inode: String, live: String, as copy: String) throws {
    let entries = disk == .strict ? promisedEntries(inode) : try Self.entries(of: live)
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for entry in entries {
      let place = "\(copy)/\(entry.name)", source = "\(live)/\(entry.name)"
      switch entry.kind {
      case "d": try rebuild(inode: entry.inode, live: source, as: place)
      case "l":
        try FileManager.default.createSymbolicLink(
          atPath: place, withDestinationPath: entry.target)
      default: try content(entry.inode, live: source).write(to: URL(filePath: place))
      }
    }
  }

  private func content(_ inode: String, live: String) -> Data {
    let promised = (try? Data(contentsOf: URL(filePath: "\(shadow)/f\(inode)"))) ?? Data()
    guard disk != .strict, let now = try? Data(contentsOf: URL(filePath: live)) else {
      return promised
    }
    let missing = max(0, now.count - promised.count)
    let kept = promised.prefix(now.count)
    return disk == .zeroed ? kept + Data(count: missing) : Data(kept)
  }

  private func promisedEntries(_ inode: String) -> [Entry] {
    let text = (try? String(contentsOfFile: "\(shadow)/d\(inode)", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, let kind = fields[0].first else { return nil }
      return Entry(kind: kind, inode: fields[1], name: fields[2], target: fields[3])
    }
  }

  private static func entries(of folder: String) throws -> [Entry] {
    try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
      let path = "\(folder)/\(name)"
      var status = stat()
      guard unsafe lstat(path, &status) == 0 else { return nil }
      let kind: Character =
        switch status.st_mode & S_IFMT {
        case S_IFDIR: "d"
        case S_IFLNK: "l"
        default: "f"
        }
      let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? ""
      return Entry(kind: kind, inode: "\(status.st_ino)", name: name, target: target)
    }
  }

  private static func inode(_ path: String) -> UInt64? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}

import CFileAttributes
import Foundation
import ImageLoading
import Support

/// Tells what Marbles has written for a person from what the person or another program has: a
/// file's extended attribute holds the SHA-256 of its name, its number in the file system and what
/// was written.
///
/// An edit changes the content, a copy or another name is somebody's wish to keep it: neither is
/// Marbles' own. Where a file system has no attributes, no file is.
enum OwnFile {
  private static let attribute = "user.marbles.sha256"
  private static let digestLength = 64

  /// Notes that Marbles has written a file, and what.
  static func mark(_ path: String, content: [UInt8]) {
    let digest = digest(of: path, content)
    // If this fails, the file is only asked about before it is replaced.
    _ = unsafe setxattr(path, attribute, digest, digest.count, 0)
  }

  /// Whether a file holds what Marbles has written there.
  static func isOne(_ path: String) -> Bool {
    var digest = [UInt8](repeating: 0, count: digestLength)
    guard unsafe getxattr(path, attribute, &digest, digest.count) == digestLength,
      let content = try? PlainFile.bytes(of: path)
    else { return false }
    return Self.digest(of: path, content) == digest
  }

  /// Removes files of earlier work, except for those that were written again.
  static func removeOutdated(_ files: [String], besides written: Set<String>) {
    for file in files where !written.contains(file) && isOne(file) { unsafe unlink(file) }
  }

  private static func digest(of path: String, _ content: [UInt8]) -> [UInt8] {
    let path = canonicalPath(path)
    let place = "\(path.split(separator: "/").last ?? "")\n\(FileIdentity(path)?.node ?? 0)\n"
    return Array(ContentHash.sha256(Array(place.utf8) + content).utf8)
  }
}

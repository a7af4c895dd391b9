internal import Support

/// Reads whole files.
public enum FileBytes {
  /// Why a file could not be read, as the system states it.
  public struct Unreadable: Error, Equatable, Sendable {
    /// Whether nothing is there.
    public let isMissing: Bool
    /// Whether the process or the machine ran short of open files or memory, which says nothing
    /// of the file.
    public let isShortage: Bool
    /// For example "Permission denied".
    public let reason: String
  }

  /// Largest file that is read, bytes; no image within `ImageDecoder.pixelLimit` is larger.
  private static let limit = 1 << 30

  /// Returns all bytes of a file.
  ///
  /// - Throws: `Unreadable`; also for anything but a plain file.
  public static func read(_ path: String) throws(Unreadable) -> [UInt8] {
    do {
      return try PlainFile.bytes(of: path, limit: limit)
    } catch {
      // The listing replaced bytes that are not UTF-8, so no file has this name.
      let isRenamed = error.isMissing && path.contains("\u{FFFD}")
      throw Unreadable(
        isMissing: error.isMissing, isShortage: error.isShortage,
        reason: isRenamed ? nameIsNotUTF8 : error.reason)
    }
  }

  static let nameIsNotUTF8 = "its name is not UTF-8; rename it"
}

internal import Foundation
public import ImageLoading
internal import Support

/// Reads the file that says which part each image belongs to: `split.json`.
public enum SplitFile {
  /// Reads a split that a person has named.
  ///
  /// - Throws: `DatasetError.splitMissing`, `.unreadable`, `.list` or `.splitMalformed` naming the
  ///   file.
  public static func read(_ path: String) throws(DatasetError) -> Split {
    try read(path, followsLinks: true)
  }

  /// Reads the split of a run, in whose place no link is followed.
  ///
  /// - Throws: The same.
  public static func read(of run: RunDirectory) throws(DatasetError) -> Split {
    try read(run.split, followsLinks: false)
  }

  private static func read(
    _ path: String, followsLinks: Bool
  ) throws(DatasetError) -> Split {
    let bytes: [UInt8]
    do {
      bytes = try PlainFile.bytes(of: path, followsLinks: followsLinks)
    } catch {
      throw error.isMissing
        ? .splitMissing(file: path) : DatasetError(reading: path, error)
    }
    if let line = TextEncoding.firstLineNotUTF8(bytes) {
      throw .list(path: path, line: line, reason: TextEncoding.notUTF8)
    }
    do {
      return try jsonDecoder().decode(Split.self, from: Data(bytes))
    } catch {
      throw .splitMalformed(file: path)
    }
  }
}

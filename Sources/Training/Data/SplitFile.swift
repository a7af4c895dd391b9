internal import Foundation
public import ImageLoading
internal import Support

/// Reads the file that says which part each image belongs to: `split.json`.
public enum SplitFile {
  /// Reads a split.
  ///
  /// - Throws: `DatasetError.splitMissing`, `.unreadable`, `.list` or `.splitMalformed` naming the
  ///   file.
  public static func read(_ path: String) throws(DatasetError) -> Split {
    let bytes: [UInt8]
    do {
      bytes = try PlainFile.bytes(of: path)
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

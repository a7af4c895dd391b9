internal import Foundation
public import ImageLoading
internal import Support

/// Reads the file that says which part each image belongs to: `split.json`.
public enum SplitFile {
  /// Reads a split.
  ///
  /// - Throws: `DatasetError.splitMissing` or `.splitMalformed` naming the file.
  public static func read(_ path: String) throws(DatasetError) -> Split {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw .splitMissing(file: path)
    }
    do {
      return try jsonDecoder().decode(Split.self, from: data)
    } catch {
      throw .splitMalformed(file: path)
    }
  }
}

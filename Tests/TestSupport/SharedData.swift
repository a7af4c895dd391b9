public import Foundation

/// Photographs and corpora in a folder beside the package; tests that need them skip without.
public enum SharedData {
  /// The checkout.
  public static let package = URL(filePath: #filePath).appending(path: "../../..")
    .standardizedFileURL

  /// Where a folder or a file of the data is.
  public static func url(_ path: String) -> URL {
    package.appending(path: "../shared/data/\(path)").standardizedFileURL
  }

  /// Whether a folder or a file of the data is there.
  public static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url(path).path(percentEncoded: false))
  }
}

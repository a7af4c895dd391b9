internal import Foundation

/// A folder that is deleted when the last reference to it goes.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Creates a folder of its own.
  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "marbles-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, making the folders above it.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let url = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path(percentEncoded: false)
  }

  /// The bytes of a file in it.
  public func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path).appending(path: name)))
  }

  /// All paths below it, sorted.
  public var contents: [String] {
    (FileManager.default.enumerator(atPath: path)?.allObjects ?? [])
      .compactMap { $0 as? String }.sorted()
  }
}

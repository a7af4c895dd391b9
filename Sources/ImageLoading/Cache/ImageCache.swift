internal import Foundation
internal import Support

/// Decoded images kept between runs: one file for each folder of images and geometry.
///
/// It changes nothing but the time a load takes: images are found by content, damaged entries are
/// decoded again, and the pixels are the same bit for bit.
public struct ImageCache: Hashable, Sendable {
  /// The folder of the cache files; never inside a folder of images.
  public var folder: String
  /// Bytes that all files together may take; beyond it the least recently used are removed.
  public var limit: Int

  /// Incremented whenever decoding, resampling or hashing yields something else than before.
  static let decoderVersion = 3

  /// Creates a cache.
  ///
  /// - Precondition: `limit` is not negative.
  public init(folder: String = ImageCache.defaultFolder, limit: Int = 4_000_000_000) {
    precondition(limit >= 0, "a cache of \(limit) bytes")
    self.folder = folder
    self.limit = limit
  }

  /// `marbles` in the user's cache folder, as the XDG Base Directory Specification defines it.
  public static var defaultFolder: String {
    let environment = ProcessInfo.processInfo.environment
    // The specification tells programs to ignore relative paths.
    if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return "\(base)/marbles" }
    return URL.homeDirectory.appending(path: ".cache/marbles").path(percentEncoded: false)
  }

  /// The path of the cache file of one folder of images and one geometry.
  func path(root: String, _ geometry: ImageGeometry) -> String {
    let place = URL(filePath: root).resolvingSymlinksInPath().path(percentEncoded: false)
    let key = "\(place)\n\(geometry.imageSize) \(geometry.fit.rawValue)\n\(Self.decoderVersion)"
    let digits = ContentHash.sha256(Array(key.utf8)).prefix(Self.digitCount)
    return "\(folder)/\(digits)\(Self.suffix)"
  }

  private static let suffix = ".pictures", digitCount = 24

  /// Whether a name is one that `path` gives.
  private static func isName(_ name: String) -> Bool {
    name.hasSuffix(suffix) && name.count == digitCount + suffix.count
      && name.prefix(digitCount).allSatisfy(\.isHexDigit)
  }

  /// Marks a file as used, so that others are removed before it.
  func touch(_ path: String) {
    // If this fails, the file is at worst removed earlier.
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
  }

  /// Removes the least recently used files until the rest and `size` bytes fit the limit.
  ///
  /// Only files that a cache has written are counted and removed, and what it left unfinished.
  ///
  /// - Parameter kept: A file that is about to be replaced and is not counted.
  func makeRoom(for size: Int, keeping kept: String) {
    struct Candidate { var path: String, size: Int, used: Date }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    AtomicFile.removeAbandoned(in: folder, where: Self.isName)
    let files = names.filter(Self.isName).compactMap { name -> Candidate? in
      let path = "\(folder)/\(name)"
      guard path != kept, CacheSet.isOne(path),
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
      else { return nil }
      return Candidate(
        path: path, size: facts[.size] as? Int ?? 0,
        used: facts[.modificationDate] as? Date ?? .distantPast)
    }
    var total = files.reduce(size) { $0 + $1.size }
    for file in files.sorted(by: { $0.used < $1.used }) where total > limit {
      // Unlike Foundation's call, this never removes a folder.
      if unsafe unlink(file.path) == 0 { total -= file.size }
    }
  }
}

/// What a cache saved a load.
public struct CacheUse: Equatable, Sendable {
  /// Images that were decoded, and images whose pixels came from the cache.
  public var decoded = 0, reused = 0
  /// Files that were opened to read their content.
  public var opened = 0
  /// Why the cache could not be written, which does not affect the load; nil if it was written.
  public var problem: String?

  /// Creates a summary.
  public init(decoded: Int = 0, reused: Int = 0, opened: Int = 0) {
    self.decoded = decoded
    self.reused = reused
    self.opened = opened
  }
}

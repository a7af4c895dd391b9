import ArgumentParser
import Foundation
import ImageLoading

/// Where decoded pictures are kept.
struct CacheOptions: ParsableArguments {
  /// The places there are.
  enum Place: String, CaseIterable, ExpressibleByArgument {
    /// For this run only.
    case memory
    /// For the next runs too.
    case disk
  }

  @Option(help: "Keep decoded pictures in memory, or on disk so that the next run need not decode.")
  var cache: Place = .memory

  @Option(
    help: ArgumentHelp("Where on disk (default: ~/.cache/marbles).", valueName: "folder"))
  var cacheFolder: String?

  @Option(
    help: ArgumentHelp(
      "Room on disk; beyond it the longest unused are removed.", valueName: "gigabytes"))
  var cacheLimit = 4.0

  func validate() throws {
    try check(cacheLimit, in: 0...1e6, "--cache-limit")
  }

  /// The cache for a folder of pictures, if one is wanted.
  ///
  /// - Throws: `Failure` when it would be written among the pictures.
  func pictureCache(for data: String) throws -> PictureCache? {
    guard cache == .disk else { return nil }
    let cache = PictureCache(
      folder: cacheFolder ?? PictureCache.defaultFolder, limit: Int(cacheLimit * 1e9))
    guard !isInside(cache.folder, folder: data) else {
      throw Failure(
        .usage,
        "\(cache.folder): the cache would be written into the pictures; choose another --cache-folder"
      )
    }
    return cache
  }
}

import ArgumentParser
import Foundation
import ImageLoading

/// Where decoded images are stored.
struct CacheOptions: ParsableArguments {
  /// The possible places.
  enum Place: String, CaseIterable, ExpressibleByArgument {
    /// For this run only.
    case memory
    /// For later runs too.
    case disk
    /// Nowhere: decoded again in every epoch, for folders that do not fit into memory.
    case none
  }

  @Option(
    help: """
      Keep decoded images in memory, or on disk so that the next run need not decode them, or \
      nowhere (none) and decode them in every epoch.
      """
  )
  var cache: Place = .memory

  @Option(
    help: ArgumentHelp("Where on disk (default: ~/.cache/marbles).", valueName: "folder"),
    completion: .directory, transform: filePath)
  var cacheFolder: String?

  @Option(
    help: ArgumentHelp(
      "Disk space; beyond it, the least recently used files are removed.", valueName: "gigabytes"))
  var cacheLimit = 4.0

  /// Whether decoded images stay in memory.
  var keepsPixels: Bool { cache != .none }

  func validate() throws {
    try check(cacheLimit, in: 0...1e6, "--cache-limit")
    if cache != .disk {
      try GivenOptions.refuse(
        "--cache-folder", "--cache-limit", because: "without --cache disk: add it")
    }
  }

  /// The cache for a folder of images, if one is wanted.
  ///
  /// - Throws: `Failure` when it would be written among the images.
  func imageCache(for data: DatasetListing) throws -> ImageCache? {
    guard cache == .disk else { return nil }
    let cache = ImageCache(
      folder: cacheFolder ?? ImageCache.defaultFolder, limit: Int(cacheLimit * 1e9))
    try Outputs(data: [data])
      .refuseAmongImages(folder: cache.folder, option: "--cache-folder")
    return cache
  }
}

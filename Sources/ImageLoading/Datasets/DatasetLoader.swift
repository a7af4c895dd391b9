internal import Support
public import Tensors

/// Reads, checks, decodes and resizes the images of a listing, in parallel.
///
/// Nothing is written but the cache, if there is one. A file that cannot be used is skipped and
/// listed with the reason.
public struct DatasetLoader: Sendable {
  /// The workers that share the work; results do not depend on their number.
  public var workers: Workers
  /// A cache of decoded images between runs; results do not depend on it.
  public var cache: ImageCache?

  /// Receives how many files are done, on the caller's thread.
  public typealias Progress = (_ done: Int, _ total: Int) -> Void

  /// Files between two reports of progress, which also bounds the memory beyond the result.
  private static let chunkSize = 128

  /// Creates a loader.
  public init(workers: Workers, cache: ImageCache? = nil) {
    self.workers = workers
    self.cache = cache
  }

  /// Reads every file and reports what was found, without keeping pixels.
  ///
  /// - Throws: `DatasetError.shortage`.
  public func scan(
    _ listing: DatasetListing, progress: Progress = { _, _ in }
  ) throws(DatasetError) -> DataReport {
    try read(listing, geometry: nil, keepsPixels: false, progress).report
  }

  /// Loads every image in one size.
  ///
  /// - Parameters:
  ///   - strict: Whether a file that cannot be used, or is damaged, is an error.
  ///   - keepsPixels: Whether images stay in memory; if not, they are read again for each batch.
  ///   - needsEveryClass: Whether a class without a readable image is an error, or a single class.
  /// - Throws: `DatasetError.emptyClass` or `.emptyPart` when a class, or a ready-made part, has no
  ///   readable image, `.strict`, `.shortage`.
  public func load(
    _ listing: DatasetListing, geometry: ImageGeometry, strict: Bool = false,
    keepsPixels: Bool = true, needsEveryClass: Bool = true, progress: Progress = { _, _ in }
  ) throws(DatasetError) -> LoadedDataset {
    let loaded = try read(listing, geometry: geometry, keepsPixels: keepsPixels, progress)
    if needsEveryClass {
      try loaded.report.requireReadableClasses(of: listing)
    } else if loaded.images.isEmpty {
      throw .noImages(path: listing.source)
    }
    if strict { try loaded.report.requireFlawless() }
    return loaded
  }

  private func read(
    _ listing: DatasetListing, geometry: ImageGeometry?, keepsPixels: Bool, _ progress: Progress
  ) throws(DatasetError) -> LoadedDataset {
    let start = ContinuousClock.now
    let files = listing.files
    let reader = ImageReader(geometry: geometry, workers: workers)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(keepsPixels ? files.count * (geometry?.byteCount ?? 0) : 0)
    var images: [LoadedImage] = []
    var sums: [ChannelSums] = []
    var log = DataReport.Log()
    // The cache is written from the pixels in memory.
    var keeper = geometry.flatMap { geometry in
      keepsPixels ? cache.map { CacheKeeper($0, root: listing.root, geometry) } : nil
    }
    for first in stride(from: 0, to: files.count, by: Self.chunkSize) {
      progress(first, files.count)
      let chunk = Array(files[first..<min(first + Self.chunkSize, files.count)])
      let outcomes = try reader.read(
        chunk.map(\.path), known: keeper?.known, location: listing.location)
      for (file, outcome) in zip(chunk, outcomes) {
        switch outcome {
        case .success(let image):
          images.append(LoadedImage(file, image))
          if keepsPixels { pixels += image.pixels }
          sums.append(image.channelSums)
          keeper?.add(image, path: file.path)
          log.add(image.remarks, to: file.path)
        case .failure(let reason):
          log.skipped.append(.init(path: file.path, reason: reason.text))
        }
      }
    }
    progress(files.count, files.count)
    keeper?.finish(pixels)
    return LoadedDataset(
      classNames: listing.classNames, images: images, pixels: pixels,
      report: log.report(listing, images, seconds: start.duration(to: .now).seconds),
      cacheUse: keeper?.use ?? CacheUse(decoded: images.count, opened: files.count),
      channelSums: sums,
      files: keepsPixels
        ? nil : ImageSource(reader: reader, location: { listing.location(of: $0) }))
  }
}

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

  /// Files of each process between two reports of progress, which also bounds the memory beyond
  /// the result.
  private static let chunkSize = 128
  /// Bytes of pixels that are read between them at most.
  private static let chunkBytes = 1 << 28

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
  ///   - limit: The number of images to load; files that cannot be used do not count. nil for all.
  /// - Throws: `DatasetError.emptyClass` or `.emptyPart` when a class, or a ready-made part, has no
  ///   readable image, `.strict`, `.shortage`.
  public func load(
    _ listing: DatasetListing, geometry: ImageGeometry, strict: Bool = false,
    keepsPixels: Bool = true, needsEveryClass: Bool = true, limit: Int? = nil,
    progress: Progress = { _, _ in }
  ) throws(DatasetError) -> LoadedDataset {
    let loaded = try read(
      listing, geometry: geometry, keepsPixels: keepsPixels, limit: limit, progress)
    if needsEveryClass {
      try loaded.report.requireReadableClasses(of: listing)
    } else if loaded.images.isEmpty {
      throw .noImages(path: listing.source)
    }
    if strict { try loaded.report.requireFlawless() }
    return loaded
  }

  private func read(
    _ listing: DatasetListing, geometry: ImageGeometry?, keepsPixels: Bool, limit: Int? = nil,
    _ progress: Progress
  ) throws(DatasetError) -> LoadedDataset {
    let start = ContinuousClock.now
    let reader = ImageReader(geometry: geometry, workers: workers)
    var wanted = LimitedFiles(listing.files, count: limit)
    var opened: [Int] = []
    var images = LoadedImages()
    var log = DataReport.Log()
    // The cache is written from the pixels in memory.
    var keeper = geometry.flatMap { geometry in
      keepsPixels ? cache.map { CacheKeeper($0, root: listing.root, geometry) } : nil
    }
    // Of processes that share a cache, one on each host.
    let writesCache = keeper == nil || workers.processes?.leadsHost ?? true
    let holdsPixels = keepsPixels && writesCache
    images.pixels.reserveCapacity(
      holdsPixels ? min(limit ?? Int.max, listing.files.count) * (geometry?.byteCount ?? 0) : 0)
    let fitting = Self.chunkBytes / max(1, geometry?.byteCount ?? 1)
    let chunkSize = max(1, min(Self.chunkSize * (workers.processes?.count ?? 1), fitting))
    var chosen = wanted.next()
    while !chosen.isEmpty {
      let total = opened.count + chosen.count
      for first in stride(from: 0, to: chosen.count, by: chunkSize) {
        progress(opened.count, total)
        let chunk = chosen[first..<min(first + chunkSize, chosen.count)]
        let outcomes = try reader.readTogether(
          chunk.map { listing.files[$0].path }, known: keeper?.known, location: listing.location)
        for (place, outcome) in zip(chunk, outcomes) {
          let file = listing.files[place]
          switch outcome {
          case .success(let image):
            images.add(image, of: file, at: place, keepsPixels: holdsPixels)
            log.add(image.remarks, to: file.path)
            keeper?.add(image, path: file.path)
          case .failure(let reason):
            wanted.reject(place)
            log.skipped.append(.init(path: file.path, reason: reason.text))
          }
        }
        opened += chunk
      }
      // In place of those that cannot be used.
      chosen = wanted.next()
    }
    progress(opened.count, opened.count)
    if writesCache { keeper?.finish(images.pixels) }
    images.sort()
    let files = files(listing, geometry, keepsPixels: keepsPixels, keeper, &images)
    return LoadedDataset(
      classNames: listing.classNames, images: images.images, pixels: images.pixels,
      report: log.report(
        listing.limited(to: limit, files: opened.sorted()), images.images,
        seconds: start.duration(to: .now).seconds),
      cacheUse: keeper?.use ?? CacheUse(decoded: images.images.count, opened: opened.count),
      channelSums: images.sums, files: files)
  }

  /// Where images come from that are not in memory; nil if they are.
  ///
  /// Processes that have a cache keep no images: those of one host share the memory of its file.
  private func files(
    _ listing: DatasetListing, _ geometry: ImageGeometry?, keepsPixels: Bool,
    _ keeper: CacheKeeper?, _ images: inout LoadedImages
  ) -> ImageSource? {
    var shared: ImageSource?
    if let keeper, let processes = workers.processes {
      // The file is there when all have come here.
      _ = processes.any(false)
      shared = keeper.shared(images.images)
      if shared != nil || !processes.leadsHost { images.pixels = [] }
    }
    if let shared { return shared }
    guard !keepsPixels || images.pixels.isEmpty else { return nil }
    return ImageSource(
      // Each process reads what it needs itself.
      ImageReader(geometry: geometry, workers: workers.alone),
      location: { listing.location(of: $0) })
  }
}

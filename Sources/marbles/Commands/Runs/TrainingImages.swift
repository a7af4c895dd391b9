import Foundation
import ImageLoading
import MessagePassing
import Support
import Tensors
import Training

// The images of a run: listed, loaded and divided as its choices say.
extension TrainingConfiguration {
  /// Finds the images of a new run.
  ///
  /// - Throws: The error for choices that do not fit each other, or the folder.
  func listImages() throws -> DatasetListing {
    // Found before anything is read: a network that does not fit.
    _ = try makeNetwork(classCount: 2)
    guard !RunDirectory(path: data).isRun else {
      throw Failure(.usage, "\(data): is a run; give the folder of its images")
    }
    let listing = try withoutExcluded(DatasetLister.list(data))
    try GivenOptions.refuseFractions(of: listing)
    let (count, least) = (listing.classNames.count, listing.smallestLimit)
    if let limit, limit < least {
      throw Failure(
        .usage,
        "--limit is \(limit), but there are \(count) classes"
          + (least == count ? "" : ", which have \(least) ready-made parts")
          + "; give \(least) or more")
    }
    return listing
  }

  /// Leaves out what `--exclude` lists, and says so.
  private func withoutExcluded(_ all: DatasetListing) throws -> DatasetListing {
    guard let list = excluded else { return all }
    let (listing, unknown) = all.leavingOut(list)
    if let first = unknown.first {
      guard unknown.count < list.paths.count else {
        throw Failure(
          .data,
          "\(list.file): has no image of \(data), the first is \(first.printable); give a list "
            + "that 'marbles data doubt' has written of this folder")
      }
      Console.note(
        "data   \(unknown.count.counted("image")) of \(list.file) not in \(data), the first is "
          + first.printable)
    }
    let present = Set(listing.files.map(\.classIndex))
    if let empty = listing.classNames.indices.first(where: { !present.contains($0) }) {
      throw Failure(
        .data,
        "\(list.file): excludes all images of class '\(listing.classNames[empty])' of \(data); "
          + "keep some, or remove the class")
    }
    return listing
  }

  /// Whether a run uses only those images of its folder that its split names.
  var takesNamedImages: Bool { splitFile != nil || excluded != nil }

  /// Loads the images of a new run and divides them; fractions that are not taken become 0.
  ///
  /// - Throws: The error for images, or for choices that do not fit them.
  mutating func loadImages(
    _ listing: DatasetListing, _ workers: Workers, cache: CacheOptions, quiet: Bool,
    growing: Split? = nil, memoryLimit: Int? = nil
  ) throws -> TrainingData {
    let split = try splitFile.map { try SplitFile.read($0) }
    let chosen = split.map(listing.chosen) ?? listing
    if split != nil, chosen.files.count < listing.files.count, !quiet {
      let count = listing.files.count - chosen.files.count
      Console.note(
        "data   \(count.counted("image")) of \(self.data) not in the split file and not used")
    }
    let loaded = try load(
      chosen, workers, limit: split == nil ? limit : nil, cache: cache, quiet: quiet)
    let data =
      if let growing {
        try grow(growing, loaded, quiet: quiet)
      } else if let split, let splitFile {
        try TrainingData(
          loaded,
          split: split.replayed(
            on: loaded.images, classNames: loaded.classNames, from: splitFile))
      } else {
        try TrainingData(
          loaded, validationSplit: validationSplit, testSplit: testSplit, seed: seed)
      }
    let settled =
      split == nil && growing == nil
      ? Split.settledParts(loaded.images.map(\.assignedPart)) : [.validation, .test]
    if settled.contains(.validation) { validationSplit = 0 }
    if settled.contains(.test) { testSplit = 0 }
    _ = try makeObjective(classCount: data.classNames.count)
    let (classCount, trainingCount) = (data.classNames.count, data.training.count)
    let memory = try RunMemory(
      self, limit: memoryLimit, classCount: classCount, trainingCount: trainingCount,
      workers: workers)
    try requireMemory(
      classCount: classCount, trainingCount: trainingCount, workers: memory.limiting(workers))
    return data
  }

  /// Divides a folder that may have grown, and says by how much.
  private func grow(_ split: Split, _ loaded: LoadedDataset, quiet: Bool) throws -> TrainingData {
    let (grown, count) = split.grown(to: loaded.images, classNames: loaded.classNames)
    if !quiet { Console.note("data   \(count.counted("image")) not known to the earlier run") }
    return try TrainingData(loaded, split: grown)
  }

  /// Reads the images of a run.
  func load(
    _ listing: DatasetListing, _ workers: Workers, limit: Int?, cache: CacheOptions, quiet: Bool
  ) throws -> LoadedDataset {
    try loadShowingProgress(
      listing, geometry, workers, cache: cache, strict: strict, limit: limit,
      namesLeftOut: false, quiet: quiet)
  }
}

extension DatasetListing {
  /// The images to train on that a split names.
  ///
  /// Where a split names images that are not there by that name, all are kept, to be found by their
  /// content.
  func chosen(by split: Split) -> DatasetListing {
    let named = keeping(namedIn: split)
    return named.files.count == Set(split.entries.map(\.path.pathBytes)).count ? named : self
  }
}

/// Loads images behind a progress bar.
///
/// - Parameter namesLeftOut: Whether to say which files are skipped or ignored.
func loadShowingProgress(
  _ listing: DatasetListing, _ geometry: ImageGeometry, _ workers: Workers,
  cache: CacheOptions? = nil, strict: Bool = false, needsEveryClass: Bool = true,
  limit: Int? = nil, namesLeftOut: Bool = true, keepsPixels: Bool = true, quiet: Bool
) throws -> LoadedDataset {
  // Each process reads some of the files.
  if workers.processes != nil { try Ranks.joined?.requireSame(listing) }
  var bar = ProgressBar(quiet: quiet)
  defer { bar.clear() }
  let loader = DatasetLoader(
    workers: workers, cache: try cache?.imageCache(for: listing))
  let loaded = try loader.load(
    listing, geometry: geometry, strict: strict, keepsPixels: cache?.keepsPixels ?? keepsPixels,
    needsEveryClass: needsEveryClass, limit: limit
  ) { done, total in
    bar.show("reading", done: done, of: total, bar.remaining(done: done, of: total))
  }
  // This only costs time, and the next run will report it again.
  if let problem = loaded.cacheUse.problem, !quiet {
    bar.clear()
    Console.note("cache  \(problem)")
  }
  if namesLeftOut, !quiet {
    bar.clear()
    LeftOutFiles.note(
      skipped: loaded.report.skipped, ignored: loaded.report.ignored.filter { !$0.isByChoice })
  }
  return loaded
}

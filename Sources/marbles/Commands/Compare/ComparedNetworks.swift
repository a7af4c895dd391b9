import ArgumentParser
import Foundation
import ImageLoading
import Support
import Tensors
import Training

/// Networks that are to be compared, and the images that all of them may be judged on.
struct ComparedNetworks {
  /// An image by its bytes and its class, which are the same in every folder.
  fileprivate struct Key: Hashable {
    let sha256: String, label: String
  }

  fileprivate struct Network {
    let checkpoint: CheckpointArgument
    let model: Checkpoint
    let images: CheckpointImages
    /// The split of its run; nil for a checkpoint that is in none.
    let split: Split?
  }

  /// What the networks are called, and their files.
  let names: [String], files: [String]
  private let networks: [Network]
  /// Whether images are a folder, and not those of the runs.
  private let isFolder: Bool
  private let part: Split.Part
  /// Bytes of images that one of the runs has used.
  private let seen: Set<String>

  /// Finds networks and images.
  ///
  /// - Throws: The error of a network or a folder, or `Failure` where they cannot be compared.
  init(_ paths: [String], _ options: JudgingOptions) throws {
    isFolder = options.data != nil
    part = options.part ?? .test
    let own = paths.map(CheckpointArgument.name)
    names = Set(own).count == own.count ? own : paths
    let arguments = try paths.map { try CheckpointArgument.parse([$0]) }
    files = arguments.map(\.file)
    for (index, file) in files.enumerated() {
      guard files[..<index].allSatisfy({ canonicalPath($0) != canonicalPath(file) }) else {
        throw Failure(.usage, "\(paths[index]): is given twice; give two different networks")
      }
    }
    let models = try paths.map { try CheckpointArgument.load($0) }
    let classes = models[0].description.classes
    for (model, path) in zip(models, paths) where Set(model.description.classes) != Set(classes) {
      throw Failure(
        .data,
        "\(path): its classes (\(model.description.classes.joined(separator: ", "))) are not those "
          + "of \(paths[0]) (\(classes.joined(separator: ", "))); give networks of the same classes"
      )
    }
    let folder = try options.data.map { try CheckpointImages(folder: $0, for: models[0]) }
    networks = try zip(arguments, models).map { [part] argument, model in
      let images =
        try folder
        ?? CheckpointImages(
          parts: part, of: argument, model, moved: nil, instead: "give a folder with --data")
      return Network(
        checkpoint: argument, model: model, images: images,
        split: try argument.run.map { try SplitFile.read(of: $0) }
          ?? argument.originalSplit(of: model))
    }
    // The epoch was chosen by images for validation: where others are asked for, they are no judge.
    let used: Set<Split.Part> =
      !isFolder && part == .validation ? [.train] : [.train, .validation]
    seen = Set(
      networks.flatMap { network in
        (network.split?.entries ?? []).filter { used.contains($0.split) }.map(\.sha256)
      })
  }

  /// What is compared.
  var checkpoints: [Checkpoint] { networks.map(\.model) }

  /// The images, none of which may be written over.
  var listings: [DatasetListing] { networks.map(\.images.listing) }

  /// Networks judged on the same images.
  struct Judged {
    /// Where the images come from.
    let source: String
    /// Path and class of each image, in the first network's order.
    let images: [(path: String, label: String)]
    /// For each network, whether it is right of each image.
    let hits: [[Bool]]
    /// Images that not all runs hold out, images that one of them has used, and further copies.
    let notShared: Int, seen: Int, copies: Int
    /// Networks of which nobody knows what they were trained on.
    let unknown: [String]
    /// For each network, what its products multiplied, if that was not float32.
    let precisions: [Precision?]
  }

  /// Judges all networks.
  func judge(_ workers: Workers, cache: CacheOptions, quiet: Bool) throws -> Judged {
    var (shared, notShared, hidden) = (Set<Key>(), 0, 0)
    if !isFolder {
      let own = networks.map { network in
        Set((network.split?.entries ?? []).filter { $0.split == part }.map(Key.init))
      }
      let all = own.reduce(Set()) { $0.union($1) }
      let common = own.reduce(all) { $0.intersection($1) }
      shared = common.filter { !seen.contains($0.sha256) }
      (notShared, hidden) = (all.count - common.count, common.count - shared.count)
      guard !shared.isEmpty else { throw nothingShared }
    }
    var last: (listing: DatasetListing, geometry: ImageGeometry, images: LoadedDataset)?
    var (keys, images, copies) = ([Key](), [(path: String, label: String)](), 0)
    var hits: [[Bool]] = []
    for (index, network) in networks.enumerated() {
      let listing =
        isFolder ? network.images.listing : network.listing(of: part) { shared.contains($0) }
      let geometry = network.model.description.geometry
      let loaded: LoadedDataset
      if let last, last.geometry == geometry, last.listing.root == listing.root,
        last.listing.files == listing.files
      {
        loaded = last.images
      } else {
        loaded = try loadShowingProgress(
          listing, geometry, workers, cache: cache, needsEveryClass: false,
          namesLeftOut: isFolder && index == 0, quiet: quiet)
        last = (listing, geometry, loaded)
      }
      var places: [Key: Int] = [:]
      for (place, image) in loaded.images.enumerated() {
        let key = Key(sha256: image.sha256, label: loaded.classNames[image.classIndex])
        let isFirst = places[key] == nil
        if isFirst { places[key] = place }
        guard index == 0 else { continue }
        if isFolder, seen.contains(key.sha256) {
          hidden += 1
        } else if isFolder || shared.contains(key) {
          if isFirst {
            keys.append(key)
            images.append((image.path, key.label))
          } else {
            copies += 1
          }
        }
      }
      guard !keys.isEmpty else { throw nothingShared }
      hits.append(try network.hits(keys.map { places[$0] }, loaded, workers))
    }
    return Judged(
      source: networks[0].images.source, images: images, hits: hits, notShared: notShared,
      seen: hidden, copies: copies,
      unknown: zip(networks, names).filter { $0.0.split == nil }.map(\.1),
      precisions: networks.map(\.model.description.precision))
  }

  private var nothingShared: Failure {
    Failure(
      .data,
      isFolder
        ? "\(networks[0].images.source): has no image that none of the networks has seen in "
          + "training; give another folder"
        : "the runs have no \(part.rawValue) image in common that none was trained on; give a "
          + "folder with --data, or train them with one --split-file")
  }
}

extension ComparedNetworks.Key {
  fileprivate init(_ entry: Split.Entry) {
    self.init(sha256: entry.sha256, label: entry.class)
  }
}

extension ComparedNetworks.Network {
  /// The files of some images of a part, or all where not every one has its path.
  fileprivate func listing(
    of part: Split.Part, where isWanted: (ComparedNetworks.Key) -> Bool
  ) -> DatasetListing {
    guard var wanted = split else { return images.listing }
    wanted.entries.removeAll { $0.split != part || !isWanted(ComparedNetworks.Key($0)) }
    return images.listing.chosen(by: wanted)
  }

  /// Whether the network is right of images, by their places.
  ///
  /// - Throws: `Failure` where one is gone, or where the network gives no numbers.
  fileprivate func hits(
    _ places: [Int?], _ loaded: LoadedDataset, _ workers: Workers
  ) throws -> [Bool] {
    let known = places.compactMap(\.self)
    guard known.count == places.count else {
      throw Failure(
        .data,
        "\(images.source): \((places.count - known.count).grouped) of the images that "
          + "\(checkpoint.file) was not trained on are gone or changed; bring them back, or give "
          + "a folder with --data"
      )
    }
    let network = try model.description.makeNetwork()
    try network.requireMemory(toEvaluate: Evaluator.batchSize, workers: workers)
    let evaluator = Evaluator(model.description, network: network, workers: workers)
    let logits = try evaluator.logits(
      of: loaded, indices: known, parameters: model.parameters, statistics: model.statistics)
    guard logits.allSatisfy(\.isFinite) else { throw checkpoint.notFinite }
    let classes = model.description.classes
    return known.enumerated().map { place, index in
      let row = logits[place * classes.count..<(place + 1) * classes.count]
      return classes[row.offsetOfLargest] == loaded.classNames[loaded.images[index].classIndex]
    }
  }
}

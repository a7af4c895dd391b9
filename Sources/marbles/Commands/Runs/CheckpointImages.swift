import Foundation
import ImageLoading
import Support
import Tensors
import Training

/// The images that a checkpoint is used on: a folder, or a part of its run's own.
struct CheckpointImages {
  /// The files; with a run's own images, those that it chose.
  let listing: DatasetListing
  /// What they are called in a report.
  let source: String
  private let model: Checkpoint
  private let data: String
  /// The run's split, and the parts to use; nil for a folder.
  private let own: (split: Split, parts: [Split.Part], run: RunDirectory)?
  /// How a folder is given instead of them, for messages.
  private let instead: String

  /// Finds the images of a folder.
  ///
  /// - Throws: The error of the folder, or `Failure` if it has a class that the network does not.
  init(folder data: String, for model: Checkpoint) throws {
    self.model = model
    self.data = data
    own = nil
    instead = ""
    source = data
    listing = try DatasetLister.survey(data)
    let classes = model.description.classes
    let present = Set(listing.files.map(\.classIndex))
    let unknown = present.sorted().map { [listing] in listing.classNames[$0] }
      .filter { !classes.contains($0) }
    guard let first = unknown.first else { return }
    throw Failure(
      .data,
      "\(data): class '\(first)' is not one of the checkpoint's "
        + "(\(classes.joined(separator: ", "))); give a folder with the same class names")
  }

  /// Finds images of the run that a checkpoint is in.
  ///
  /// - Parameters:
  ///   - moved: Where the run's images are now, if they were moved.
  ///   - instead: How a folder is given instead, for messages.
  /// - Throws: `Failure` if the checkpoint is in no run or not of the run it is in, or if the split
  ///   is not the run's own.
  init(
    parts: Split.Part..., of checkpoint: CheckpointArgument, _ model: Checkpoint, moved: String?,
    instead: String = "give a folder as DATA"
  ) throws {
    guard let run = checkpoint.run else {
      throw Failure(
        .usage,
        "\(checkpoint.file): is not in a run directory, so it has no "
          + "\(parts.map(\.rawValue).joined(separator: " and ")) images of its own; \(instead)"
      )
    }
    var record = try RunRecord(contentsOf: run)
    try record.locateData(moved, of: run)
    try record.require(model, from: checkpoint.file, run, instead)
    // The run's own split, not a new one, so that no test image was trained on.
    let split = try SplitFile.read(of: run)
    guard split.fingerprint == record.dataFingerprint else {
      throw Failure(
        .data,
        "\(run.split): is not the split that the run was trained with; put that back, or "
          + instead)
    }
    let choices = record.configuration
    let all = try DatasetLister.list(record.dataLocation)
    // With a limit or a list, those it chose.
    listing =
      choices.limit == nil && !choices.takesNamedImages ? all : all.keeping(namedIn: split)
    let names = parts.map { $0 == .train ? "training" : $0.rawValue }
    source =
      "the \(names.joined(separator: " and ")) \(parts.count == 1 ? "part" : "parts") of "
      + choices.data
    data = choices.data
    self.model = model
    own = (split, parts, run)
    self.instead = instead
  }

  /// Loads the images, and says what is new in the folder or gone.
  ///
  /// - Returns: The images, and the indices of those to use.
  /// - Throws: The error of an image, or `Failure` if one of the part is gone or changed, or the
  ///   part is empty.
  func load(
    _ workers: Workers, cache: CacheOptions, quiet: Bool
  ) throws -> (loaded: LoadedDataset, indices: [Int]) {
    let loaded = try loadShowingProgress(
      listing, model.description.geometry, workers, cache: cache, needsEveryClass: own != nil,
      quiet: quiet)
    guard let own else { return (loaded, Array(loaded.images.indices)) }
    let match = own.split.matched(with: loaded.images, classNames: loaded.classNames)
    let names = own.parts.map(\.rawValue).joined(separator: " and ")
    let missing = match.missing.filter { own.parts.contains($0.split) }
    if let first = missing.first {
      throw Failure(
        .data,
        "\(data): \(missing.count.grouped) of the run's \(names) images "
          + "\(missing.count == 1 ? "is" : "are") gone or changed, the first is \(first.path); "
          + "bring \(missing.count == 1 ? "it" : "them") back, or \(instead)")
    }
    let added = loaded.images.indices.filter { match.parts[$0] == nil }
    if let first = added.first, !quiet {
      Console.note(
        "data   \(added.count.counted("image")) not in the run's split and not measured, the "
          + "first is \(loaded.images[first].path.printable)")
    }
    if !match.missing.isEmpty, !quiet {
      Console.note(
        "data   \(match.missing.count.counted("image")) of the run "
          + "\(match.missing.count == 1 ? "is" : "are") gone, none of them measured here")
    }
    let indices = loaded.images.indices.filter { index in
      match.parts[index].map(own.parts.contains) ?? false
    }
    guard !indices.isEmpty else {
      throw Failure(
        .data,
        "\(own.run.path): the run has no \(names) images; \(instead)")
    }
    return (loaded, indices)
  }
}

extension RunRecord {
  /// Checks that a checkpoint in the run's directory is of this run.
  func require(
    _ model: Checkpoint, from file: String, _ run: RunDirectory, _ instead: String
  ) throws {
    guard classes == model.description.classes else {
      throw Failure(
        .data,
        "\(file): its classes (\(model.description.classes.joined(separator: ", "))) "
          + "are not those of the run (\(classes.joined(separator: ", "))); \(instead)"
      )
    }
    guard model.description.run == name else {
      throw Failure(
        .data,
        "\(file): is of the run \(model.description.run), not of \(name), so it "
          + "may have been trained on the test images; \(instead)")
    }
    let epochs = (try? CSVTable.read(EpochRecord.self, from: run.metrics)) ?? []
    if let epoch = epochs.first(where: { $0.epoch == model.description.epoch }),
      epoch.validationLoss?.text != model.description.validationLoss?.text
    {
      throw Failure(
        .data,
        "\(file): its validation loss is not that of epoch \(epoch.epoch) in "
          + "\(run.metrics), so it may be of another run of that name; put the run's own file "
          + "back, or \(instead)")
    }
  }
}

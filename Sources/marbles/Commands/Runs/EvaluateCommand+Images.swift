import Foundation
import ImageLoading
import Support
import Tensors
import Training

/// Which images are measured.
extension EvaluateCommand {
  typealias Files = (predictions: OutputFile?, confusion: OutputFile?)

  /// Claims what is written, before images are loaded.
  private func claim(besides listing: DatasetListing) throws -> Files {
    guard predictions != nil || confusion != nil else { return (nil, nil) }
    // The run must find its own images as they were, whatever is measured.
    let record = checkpoint.run.flatMap { try? RunRecord(contentsOf: $0) }
    let own =
      record?.dataLocation == listing.source
      ? nil : record.flatMap { try? DatasetLister.survey($0.dataLocation) }
    var outputs = Outputs(
      write, inputs: [checkpoint.file], data: [listing] + (own.map { [$0] } ?? []))
    return (
      try outputs.claim(predictions, .table, option: "--predictions"),
      try outputs.claim(confusion, .figure(), option: "--confusion")
    )
  }

  /// The part of its run that each image of DATA belongs to, found by its content; nil for images
  /// the run has not used.
  ///
  /// - Returns: Nil where it is not known, or was asked for.
  func partsInRun(of images: [LoadedImage]) -> [Split.Part?]? {
    // Of the run's own images, only those of the test part should be new to it.
    guard data != nil || part ?? .test == .test, let run = checkpoint.run,
      let split = try? SplitFile.read(run.split)
    else {
      return nil
    }
    var parts: [String: Split.Part] = [:]
    // Copies of one image may be in several parts of a ready-made split: training counts most.
    for part in [Split.Part.validation, .train] {
      for entry in split.entries where entry.split == part { parts[entry.sha256] = part }
    }
    return images.map { parts[$0.sha256] }
  }

  /// The images to measure, and the files to write.
  func images(
    of model: Checkpoint
  ) throws -> (loaded: LoadedDataset, indices: [Int], source: String, files: Files) {
    if let data {
      let listing = try DatasetLister.survey(data)
      try requireKnown(listing, model, data)
      let files = try claim(besides: listing)
      let loaded = try load(listing, model, needsEveryClass: false)
      return (loaded, Array(loaded.images.indices), data, files)
    }
    guard let run = checkpoint.run else {
      throw Failure(
        .usage,
        "\(checkpoint.file): is not in a run directory, so there are no test images of its "
          + "own; give a folder as DATA"
      )
    }
    var record = try RunRecord(contentsOf: run)
    try record.locateData(movedData, of: run)
    let choices = record.configuration
    guard record.classes == model.description.classes else {
      throw Failure(
        .data,
        "\(checkpoint.file): its classes (\(model.description.classes.joined(separator: ", "))) "
          + "are not those of the run (\(record.classes.joined(separator: ", "))); "
          + "give a folder as DATA"
      )
    }
    guard model.description.run == record.name else {
      throw Failure(
        .data,
        "\(checkpoint.file): is of the run \(model.description.run), not of \(record.name), so it "
          + "may have been trained on the test images; give a folder as DATA")
    }
    let epochs = (try? CSVTable.read(EpochRecord.self, from: run.metrics)) ?? []
    if let epoch = epochs.first(where: { $0.epoch == model.description.epoch }),
      epoch.validationLoss?.text != model.description.validationLoss?.text
    {
      throw Failure(
        .data,
        "\(checkpoint.file): its validation loss is not that of epoch \(epoch.epoch) in "
          + "\(run.metrics), so it may be of another run of that name; put the run's own file "
          + "back, or give a folder as DATA")
    }
    // The run's own split, not a new one, so that no test image was trained on.
    let split = try SplitFile.read(run.split)
    guard split.fingerprint == record.dataFingerprint else {
      throw Failure(
        .data,
        "\(run.split): is not the split that the run was trained with; put that back, or give a "
          + "folder as DATA")
    }
    let part = part ?? .test
    let listing = try recordedImages(record, split)
    let files = try claim(besides: listing)
    let loaded = try load(listing, model)
    let match = split.matched(with: loaded.images, classNames: loaded.classNames)
    let missing = match.missing.filter { $0.split == part }
    if let first = missing.first {
      throw Failure(
        .data,
        "\(choices.data): \(missing.count.grouped) of the run's \(part.rawValue) images "
          + "\(missing.count == 1 ? "is" : "are") gone or changed, the first is \(first.path); "
          + "bring \(missing.count == 1 ? "it" : "them") back, or give a folder as DATA")
    }
    let added = loaded.images.indices.filter { match.parts[$0] == nil }
    if let first = added.first, !output.quiet {
      Console.note(
        "data   \(added.count.counted("image")) not in the run's split and not measured, the "
          + "first is \(loaded.images[first].path.printable)")
    }
    if !match.missing.isEmpty, !output.quiet {
      Console.note(
        "data   \(match.missing.count.counted("image")) of the run "
          + "\(match.missing.count == 1 ? "is" : "are") gone, none of them measured here")
    }
    let indices = loaded.images.indices.filter { match.parts[$0] == part }
    guard !indices.isEmpty else {
      throw Failure(
        .data, "\(run.path): the run has no \(part.rawValue) images; give a folder as DATA")
    }
    let name = part == .train ? "training" : part.rawValue
    return (loaded, indices, "the \(name) part of \(choices.data)", files)
  }

  /// Checks that a network has been trained on every class that has images.
  private func requireKnown(
    _ listing: DatasetListing, _ model: Checkpoint, _ data: String
  ) throws {
    let classes = model.description.classes
    let present = Set(listing.files.map(\.classIndex))
    let unknown = present.sorted().map { listing.classNames[$0] }.filter { !classes.contains($0) }
    guard let first = unknown.first else { return }
    throw Failure(
      .data,
      "\(data): class '\(first)' is not one of the checkpoint's "
        + "(\(classes.joined(separator: ", "))); give a folder with the same class names")
  }

  /// The images a run was given; with a limit or a split file, those it chose.
  private func recordedImages(_ record: RunRecord, _ split: Split) throws -> DatasetListing {
    let listing = try DatasetLister.list(record.dataLocation)
    let choices = record.configuration
    return choices.limit == nil && choices.splitFile == nil
      ? listing : listing.keeping(namedIn: split)
  }

  private func load(
    _ listing: DatasetListing, _ model: Checkpoint, needsEveryClass: Bool = true
  ) throws -> LoadedDataset {
    try loadShowingProgress(
      listing, model.description.geometry, threads.workers,
      cache: cache, needsEveryClass: needsEveryClass, quiet: output.quiet)
  }
}

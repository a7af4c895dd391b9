import ImageLoading
import Support
import Training

/// Which images are measured.
extension EvaluateCommand {
  /// The images to measure.
  func images(of model: Checkpoint) throws -> CheckpointImages {
    try data.map { try CheckpointImages(folder: $0, for: model) }
      ?? CheckpointImages(parts: part ?? .test, of: checkpoint, model, moved: movedData)
  }

  /// Claims what is written, before images are loaded.
  func claim(besides listing: DatasetListing) throws -> EvaluationFiles {
    var files = EvaluationFiles()
    let own = out == nil ? ownFolder : nil
    guard predictions != nil || confusion != nil || out != nil || own != nil else { return files }
    // The run must find its own images as they were, whatever is measured.
    let record = checkpoint.run.flatMap { try? RunRecord(contentsOf: $0) }
    let others =
      record?.dataLocation == listing.source
      ? nil : record.flatMap { try? DatasetLister.survey($0.dataLocation) }
    var outputs = Outputs(
      write, inputs: [checkpoint.file], data: [listing] + (others.map { [$0] } ?? []))
    files.predictions = try outputs.claim(predictions, .table, option: "--predictions")
    files.confusion = try outputs.claim(confusion, .figure(), option: "--confusion")
    if let out { files.folder = try EvaluationFolder(&outputs, in: out, format) }
    if let own { files.claim(own: own, &outputs) }
    return files
  }

  /// The folder of the run that holds the evaluation of its best network on its test images; nil
  /// where another network, other images or another way is asked for.
  private var ownFolder: String? { testTime.averagesMirrored ? nil : usualFolder }

  /// The same, in whatever way is measured.
  var usualFolder: String? {
    guard data == nil, part ?? .test == .test,
      let run = checkpoint.run, FileIdentity(run.bestCheckpoint) == FileIdentity(checkpoint.file)
    else { return nil }
    return run.evaluation
  }

  /// The part of its run that each image of DATA belongs to, found by its content; nil for images
  /// the run has not used.
  ///
  /// - Returns: Nil where it is not known, or was asked for.
  func partsInRun(of images: [LoadedImage], _ model: Checkpoint) -> [Split.Part?]? {
    // Of the run's own images, only those of the test part should be new to it.
    guard data != nil || part ?? .test == .test else { return nil }
    return checkpoint.partsInRun(of: images, model)
  }
}

extension CheckpointArgument {
  /// The part of its run that each image belongs to, found by its content; nil for images that the
  /// run has not used.
  ///
  /// - Returns: Nil if the run of the checkpoint is not known.
  func partsInRun(of images: [LoadedImage], _ model: Checkpoint) -> [Split.Part?]? {
    let own = run.map { try? SplitFile.read(of: $0) } ?? originalSplit(of: model)
    guard let split = own else { return nil }
    var parts: [String: Split.Part] = [:]
    // Copies of one image may be in several parts of a ready-made split: training counts most.
    for part in [Split.Part.validation, .train] {
      for entry in split.entries where entry.split == part { parts[entry.sha256] = part }
    }
    return images.map { parts[$0.sha256] }
  }

  /// The split of the run that a checkpoint in no run is from, as one that `calibrate` wrote is: a
  /// run of the name that it has, where `train` puts it.
  ///
  /// - Returns: Nil if there is none, or if it has not given this network.
  func originalSplit(of model: Checkpoint) -> Split? {
    let name = model.description.run
    guard run == nil, !name.contains("/"), !name.hasPrefix(".") else { return nil }
    let origin = RunDirectory(path: "\(RunOptions.usualFolder)/\(name)")
    guard let record = try? RunRecord(contentsOf: origin),
      (try? record.require(model, from: file, origin, "")) != nil,
      let split = try? SplitFile.read(of: origin), split.fingerprint == record.dataFingerprint
    else { return nil }
    return split
  }
}

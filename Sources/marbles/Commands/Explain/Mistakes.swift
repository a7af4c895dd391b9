import Foundation
import ImageLoading
import Support
import Tensors
import Training

/// The most confident mistakes of a run on images it was not trained on.
struct Mistakes {
  /// An image that was taken for another class.
  struct Mistake {
    let path: String
    let label: String
    /// What the network sees.
    let pixels: PixelBuffer
  }

  /// The most confident first.
  let images: [Mistake]
  /// All mistakes, and all images.
  let mistakeCount: Int, count: Int
  /// What the images are called.
  let source: String
  /// The files of the images.
  let listing: DatasetListing

  /// Classifies the test images of the run of a checkpoint, or those for validation.
  ///
  /// - Throws: `Failure` if the checkpoint is in no run, or the run has neither.
  init(
    _ wanted: Int, of checkpoint: CheckpointArgument, _ model: Checkpoint, moved: String?,
    cache: CacheOptions, _ workers: Workers, quiet: Bool
  ) throws {
    guard let run = checkpoint.run else {
      throw Failure(
        .usage,
        "\(checkpoint.file): is not in a run directory, so --worst has no images; give a run")
    }
    let record = try RunRecord(contentsOf: run)
    guard record.testCount + record.validationCount > 0 else {
      throw Failure(
        .data, "\(run.path): the run has no images for validation or test; give photos")
    }
    let images = try CheckpointImages(
      parts: record.testCount > 0 ? .test : .validation, of: checkpoint, model, moved: moved,
      instead: "give photos")
    let (loaded, indices) = try images.load(workers, cache: cache, quiet: quiet)
    let evaluator = Evaluator(
      model.description, network: try model.description.makeNetwork(), workers: workers)
    let outputs = try evaluator.outputs(
      of: loaded, indices: indices, parameters: model.parameters, statistics: model.statistics,
      withFeatures: false)
    guard outputs.logits.allSatisfy(\.isFinite) else { throw checkpoint.notFinite }
    let predictions = model.description.predictions(outputs, alwaysAnswers: true)
    let found = zip(indices, predictions).compactMap { index, prediction in
      let label = loaded.classNames[loaded.images[index].classIndex]
      return prediction.label == label ? nil : (index, label, prediction.probability)
    }.sorted { $0.2 > $1.2 }
    let worst = found.prefix(wanted)
    let bitmaps = try loaded.bitmaps(
      at: worst.map(\.0), imageSize: model.description.imageSize)
    self.images = zip(worst, bitmaps).map { mistake, pixels in
      Mistake(
        path: images.listing.location(of: loaded.images[mistake.0].path), label: mistake.1,
        pixels: pixels)
    }
    mistakeCount = found.count
    count = indices.count
    source = images.source
    listing = images.listing
  }

  /// What the figure shows.
  var title: String {
    images.count == 1
      ? "The most confident mistake" : "The \(images.count) most confident mistakes"
  }

  /// Which images these are.
  func subtitle(_ checkpoint: String) -> String {
    "\(mistakeCount.counted("mistake")) of \(checkpoint.fitted(30)) on "
      + "\(count.counted("image")) of \(source.fitted(50))"
  }
}

internal import ImageLoading
internal import Synchronization
internal import Tensors

/// Training images at the size from which they are sampled, resized once for all epochs of it.
///
/// Images that are not in memory are resized batch by batch.
final class ResizedImages: Sendable {
  private let data: TrainingData
  private let workers: Workers
  private let kept = Mutex<(size: Int, pixels: [UInt8])?>(nil)
  /// The place of each image of the dataset among the training images.
  private let places: [Int: Int]

  init(_ data: TrainingData, workers: Workers) {
    self.data = data
    self.workers = workers
    places = Dictionary(
      uniqueKeysWithValues: data.training.enumerated().map { ($0.element, $0.offset) })
  }

  /// The images of a batch at another size.
  ///
  /// - Parameter imageSize: Rows and columns of the images as they were loaded.
  func resize(
    _ batch: ImageBatch, from imageSize: Int, to size: Int
  ) throws(DatasetError) -> ImageBatch {
    guard size != imageSize, data.loaded.isInMemory else {
      return batch.resized(from: imageSize, to: size, workers: workers)
    }
    let pixels = kept.withLock { kept in
      if let kept, kept.size == size { return kept.pixels }
      // Those of the size before are released first.
      kept = nil
      let all = ImageBatch(
        pixels: data.loaded.pixels, places: data.training, samples: data.training)
      let pixels = all.resized(from: imageSize, to: size, workers: workers).pixels
      kept = (size, pixels)
      return pixels
    }
    return ImageBatch(
      pixels: pixels, places: batch.samples.compactMap { places[$0] }, samples: batch.samples)
  }
}

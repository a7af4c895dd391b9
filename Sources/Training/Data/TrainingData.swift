internal import Foundation
public import ImageLoading
internal import Tensors

/// The images of a run, decoded, in three parts.
public struct TrainingData: Sendable {
  /// Decoded images and what was found on the way.
  public let loaded: LoadedDataset
  /// Which image is in which part.
  public let split: Split
  /// Indices of the images of each part.
  public let training: [Int], validation: [Int], test: [Int]
  /// Mean and standard deviation of the training images.
  public let normalization: Normalization

  /// Divides loaded images and measures the training part.
  ///
  /// - Parameters:
  ///   - validationSplit: Part of each class to steer training by, 0..<1.
  ///   - testSplit: Part of each class for the final test, 0..<1.
  ///   - seed: Names the division.
  /// - Throws: `TrainingError.tooFewImages` when a class has no training image or nothing is
  ///   left to validate on.
  public init(
    _ loaded: LoadedDataset, validationSplit: Double = 0.1, testSplit: Double = 0.1,
    seed: UInt64 = 1
  ) throws(TrainingError) {
    let split = Split.make(
      images: loaded.images, classNames: loaded.classNames, validationFraction: validationSplit,
      testFraction: testSplit, seed: seed)
    try self.init(loaded, split: split)
    guard !validation.isEmpty || validationSplit == 0 else {
      throw .tooFewImages(
        "\(loaded.images.count) images are too few to keep some for validation; add images, "
          + "or use --validation-split 0 to train without"
      )
    }
  }

  /// Takes images as they are divided already, and measures the training part.
  ///
  /// - Throws: `TrainingError.tooFewImages` when a class has no training image.
  public init(_ loaded: LoadedDataset, split: Split) throws(TrainingError) {
    self.loaded = loaded
    self.split = split
    training = split.indices(of: .train)
    validation = split.indices(of: .validation)
    test = split.indices(of: .test)
    for (index, name) in loaded.classNames.enumerated() {
      guard training.contains(where: { loaded.images[$0].classIndex == index }) else {
        throw .tooFewImages(
          "no image of '\(name)' is left to train on; add images or use smaller "
            + "--validation-split and --test-split"
        )
      }
    }
    normalization = Normalization.measure(loaded, indices: training)
  }

  /// Class names in order of the logits.
  public var classNames: [String] { loaded.classNames }

  /// A hash over path, content and part of every image.
  public var fingerprint: String { split.fingerprint }
}

internal import Foundation
public import ImageLoading
internal import Tensors

/// The pictures of a run, decoded, in three parts.
public struct TrainingData: Sendable {
  /// Decoded pictures and what was found on the way.
  public let loaded: LoadedDataset
  /// Which picture is in which part.
  public let split: Split
  /// Indices of the pictures of each part.
  public let training: [Int], validation: [Int], test: [Int]
  /// Mean and standard deviation of the training pictures.
  public let normalization: Normalization

  /// Divides loaded pictures and measures the training part.
  ///
  /// - Throws: `TrainingError.tooFewImages` when a class has no training picture or nothing is
  ///   left to validate on.
  public init(
    _ loaded: LoadedDataset, validationSplit: Double, testSplit: Double, seed: UInt64
  ) throws(TrainingError) {
    let split = Split.make(
      images: loaded.images, classNames: loaded.classNames, validationFraction: validationSplit,
      testFraction: testSplit, seed: seed)
    try self.init(loaded, split: split)
    guard !validation.isEmpty || validationSplit == 0 else {
      throw .tooFewImages(
        "\(loaded.images.count) pictures are too few to keep some for validation; add pictures, or use --validation-split 0 to train without"
      )
    }
  }

  /// Takes pictures as they are divided already, and measures the training part.
  ///
  /// - Throws: `TrainingError.tooFewImages` when a class has no training picture.
  public init(_ loaded: LoadedDataset, split: Split) throws(TrainingError) {
    self.loaded = loaded
    self.split = split
    training = split.indices(of: .train)
    validation = split.indices(of: .validation)
    test = split.indices(of: .test)
    for (index, name) in loaded.classNames.enumerated() {
      guard training.contains(where: { loaded.images[$0].classIndex == index }) else {
        throw .tooFewImages(
          "no picture of '\(name)' is left to train on; add pictures or use smaller --validation-split and --test-split"
        )
      }
    }
    normalization = Normalization.measure(loaded, indices: training)
  }

  /// Class names in order of the logits.
  public var classNames: [String] { loaded.classNames }

  /// A hash over path, content and part of every picture.
  public var fingerprint: String { split.fingerprint }
}

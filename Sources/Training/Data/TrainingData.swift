internal import Foundation
public import ImageLoading
internal import Tensors

/// The images of a run, decoded, in three parts.
public struct TrainingData: Sendable {
  /// The decoded images, with the report of loading.
  public let loaded: LoadedDataset
  /// The part of each image.
  public let split: Split
  /// Indices of the images of each part.
  public let training: [Int], validation: [Int], test: [Int]
  /// Mean and standard deviation of the training images.
  public let normalization: Normalization

  /// Splits loaded images and measures the training part.
  ///
  /// - Parameters:
  ///   - validationSplit: Fraction of each class for validation, 0..<1.
  ///   - testSplit: Fraction of each class for the final test, 0..<1.
  ///   - seed: Determines the split.
  /// - Throws: `TrainingError.tooFewImages` if a class has no training image or no image is left
  ///   for validation.
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

  /// Takes images with an existing split, and measures the training part.
  ///
  /// - Throws: `TrainingError.tooFewImages` if a class has no training image.
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

  /// Class names in the order of the logits.
  public var classNames: [String] { loaded.classNames }

  /// The fraction that the largest class has of some images; nil if there are none.
  func majority(of indices: [Int]) -> Double? {
    let counts = Dictionary(grouping: indices) { loaded.images[$0].classIndex }.values
    return counts.map(\.count).max().map { Double($0) / Double(indices.count) }
  }

  /// A hash over path, content and part of every image.
  public var fingerprint: String { split.fingerprint }
}

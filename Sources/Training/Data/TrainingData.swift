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
  public private(set) var training: [Int]
  /// Indices of the images of each part.
  public private(set) var validation: [Int], test: [Int]
  /// Mean and standard deviation of the training images.
  public private(set) var normalization: Normalization

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
    var loaded = loaded
    let note = Split.note(
      images: loaded.images, classNames: loaded.classNames, validationFraction: validationSplit,
      testFraction: testSplit)
    if let note { loaded.report.notes.append(note) }
    try self.init(loaded, split: split)
    guard !validation.isEmpty || validationSplit == 0 else {
      throw .tooFewImages(
        Self.whyNoValidation(in: loaded) + ", or use --validation-split 0 to train without")
    }
  }

  private static func whyNoValidation(in loaded: LoadedDataset) -> String {
    let counts = Dictionary(
      grouping: loaded.images.filter { $0.assignedPart != .test }, by: \.classIndex
    ).mapValues(\.count)
    let most = counts.values.max() ?? 0
    guard most > 2 else {
      return "no class has more than \(most) image\(most == 1 ? "" : "s") to train on, and a class "
        + "needs 3 to keep one for validation; add images"
    }
    return "\(loaded.images.count) images are too few to keep some for validation"
      + (copies(in: loaded, among: Array(loaded.images.indices)) ?? "; add images")
  }

  /// Says how many images are too few because copies stay together, and what to do; nil if that is
  /// not why.
  private static func copies(in loaded: LoadedDataset, among indices: [Int]) -> String? {
    let count = loaded.distinctCount(of: indices)
    guard count < indices.count else { return nil }
    return ": they are \(count) \(count == 1 ? "group" : "groups") of copies or near copies, "
      + "each of which stays in one part; add different images, give a list with path,label,split"
  }

  /// Takes images with an existing split, and measures the training part.
  ///
  /// - Throws: `TrainingError.tooFewImages` if a class has no training image.
  public init(_ loaded: LoadedDataset, split: Split) throws(TrainingError) {
    var loaded = loaded
    loaded.report.findOverlaps(loaded.images, parts: split.entries.map(\.split))
    self.loaded = loaded
    self.split = split
    training = split.indices(of: .train)
    validation = split.indices(of: .validation)
    test = split.indices(of: .test)
    let trained = Set(training.map { loaded.images[$0].classIndex })
    for (index, name) in loaded.classNames.enumerated() where !trained.contains(index) {
      let own = loaded.images.indices.filter { loaded.images[$0].classIndex == index }
      guard !own.allSatisfy({ loaded.images[$0].assignedPart != nil }) else {
        throw .tooFewImages(
          "'\(name)' has images for validation or test (\(own.count)) but none to train on; add "
            + "some, or rename the class if it is another one")
      }
      throw .tooFewImages(
        "none of the images of '\(name)' (\(own.count)) is left to train on"
          + (Self.copies(in: loaded, among: own) ?? "; add images")
          + ", or hold fewer out for validation and test")
    }
    normalization = Normalization.measure(loaded, indices: training)
  }

  /// The training images alone.
  var withoutHeldOut: TrainingData {
    var data = self
    (data.validation, data.test) = ([], [])
    return data
  }

  /// The same with fewer training images, which are measured again.
  func keeping(training indices: [Int]) -> TrainingData {
    var data = self
    data.training = indices
    data.normalization = Normalization.measure(loaded, indices: indices)
    return data
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

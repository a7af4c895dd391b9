internal import ConvNet
internal import ImageLoading
internal import Support
public import Tensors

/// Predictions for all images, each by a network that has not been trained on it.
///
/// The images are divided into folds; for each, a network is trained on the others. All trainings
/// make the same choices. Processes share the folds.
public struct CrossValidation: Sendable {
  /// Networks that are trained.
  public let foldCount: Int
  /// The fold of each image, 0..<foldCount.
  private let folds: [Int]
  private let configuration: TrainingConfiguration
  private let data: TrainingData

  /// Prepares the trainings.
  ///
  /// - Parameters:
  ///   - configuration: The choices of every training, which is one of epochs.
  ///   - data: The images, of all parts.
  ///   - folds: How many, at least 2.
  /// - Throws: `TrainingError.tooFewImages` if a class has images in one fold only: a network would
  ///   not know it.
  public init(
    _ configuration: TrainingConfiguration, data: TrainingData, folds foldCount: Int
  ) throws(TrainingError) {
    precondition(
      configuration.budget == nil && foldCount >= 2,
      "\(foldCount) folds, budget \(configuration.budget ?? 0)")
    self.configuration = configuration
    self.data = data
    self.foldCount = foldCount
    folds = data.loaded.folds(foldCount, seed: configuration.seed)
    for (classIndex, name) in data.classNames.enumerated() {
      let own = data.loaded.images.indices.filter {
        data.loaded.images[$0].classIndex == classIndex
      }
      guard Set(own.map { folds[$0] }).count > 1 else {
        throw .tooFewImages(
          "'\(name)' has \(data.loaded.distinctCount(of: own)) different images, too few to train "
            + "without some of them; add images")
      }
    }
  }

  /// Images that all trainings see together, counted once for each pass.
  public var work: Int { configuration.epochs * (foldCount - 1) * folds.count }

  /// Trains all networks.
  ///
  /// - Parameter progress: Is told after every step how much of `work` is done.
  /// - Returns: The logits of all images, in the order of the loaded dataset: count × classes.
  /// - Throws: What `Trainer` throws.
  public func run(
    workers: Workers, progress: @escaping (Int) -> Void = { _ in }
  ) throws -> [Float] {
    let classCount = data.classNames.count
    func heldOut(_ fold: Int) -> [Int] { folds.indices.filter { folds[$0] == fold } }
    let found = try workers.shareTasks(foldCount) { fold in
      let observer = LastNetwork { [work, foldCount] position in
        progress(Int((Double(fold) + position) * Double(work) / Double(foldCount)))
      }
      return try predict(
        heldOut(fold), trainedOn: folds.indices.filter { folds[$0] != fold }, workers.alone,
        observer)
    }
    var logits = [Float](repeating: 0, count: folds.count * classCount)
    for (fold, found) in found.enumerated() {
      for (place, index) in heldOut(fold).enumerated() {
        logits.replaceSubrange(
          index * classCount..<(index + 1) * classCount,
          with: found[place * classCount..<(place + 1) * classCount])
      }
    }
    return logits
  }

  private func predict(
    _ heldOut: [Int], trainedOn images: [Int], _ workers: Workers, _ observer: LastNetwork
  ) throws -> [Float] {
    guard !heldOut.isEmpty else { return [] }
    let (network, evaluator) = try data.train(
      on: images, configuration, workers, observer: observer)
    return try evaluator.logits(
      of: data.loaded, indices: heldOut, parameters: network.parameters,
      statistics: network.statistics)
  }
}

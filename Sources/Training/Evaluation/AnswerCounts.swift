internal import ConvNet
public import ImageLoading
internal import Support
internal import Tensors

/// How often a classifier answers, and how often it is right when it does.
public struct AnswerCounts: Codable, Equatable, Sendable {
  /// Images, and those whose most probable class is their label.
  public private(set) var images = 0, right = 0
  /// Images that are answered, and those of them that are right.
  public private(set) var answered = 0, answeredRight = 0
  /// Images that are unsure, and those said to be of none of the classes.
  public private(set) var unsure = 0, none = 0

  /// Counts verdicts.
  ///
  /// - Parameter hits: For each image, whether its most probable class is its label.
  public init(_ verdicts: [AnswerRule.Verdict], hits: [Bool]) {
    for (verdict, isRight) in zip(verdicts, hits) {
      images += 1
      if isRight { right += 1 }
      switch verdict {
      case .answered:
        answered += 1
        if isRight { answeredRight += 1 }
      case .unsure: unsure += 1
      case .none: none += 1
      }
    }
  }
}

extension Evaluator {
  /// What a network's rule says of images, in the order of `indices`.
  ///
  /// - Returns: Nil for a network that always answers.
  /// - Throws: `DatasetError.changed` if an image that is read again has changed.
  public func verdicts(
    of checkpoint: Checkpoint, on data: LoadedDataset, indices: [Int]
  ) throws(DatasetError) -> [AnswerRule.Verdict]? {
    guard let rule = checkpoint.description.answering else { return nil }
    let outputs = try outputs(
      of: data, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    return indices.indices.map {
      rule.verdict(features: outputs.features(of: $0), logits: Array(outputs.logits(of: $0)))
    }
  }

  /// Counts how a network's rule answers images.
  ///
  /// - Parameters:
  ///   - checkpoint: Of the evaluator's network.
  ///   - targets: For each index, the place of its class among those of the network.
  /// - Returns: Nil for a network that always answers.
  /// - Throws: `DatasetError.changed` if an image that is read again has changed.
  public func answers(
    of checkpoint: Checkpoint, on data: LoadedDataset, indices: [Int], targets: [Int]
  ) throws(DatasetError) -> AnswerCounts? {
    guard let verdicts = try verdicts(of: checkpoint, on: data, indices: indices) else {
      return nil
    }
    return AnswerCounts(
      verdicts, hits: try hits(of: data, indices: indices, checkpoint, targets: targets))
  }

  /// Chooses when a network answers, on images that it was not trained on.
  ///
  /// - Parameters:
  ///   - checkpoint: Of the evaluator's network.
  ///   - targets: For each index, the place of its class among those of the network.
  ///   - coverage: The fraction of the images that is to be answered, 0…1.
  /// - Returns: Nil if there are too few images, or the network has no features.
  /// - Throws: `DatasetError.changed` if an image that is read again has changed.
  public func answerRule(
    of checkpoint: Checkpoint, on data: LoadedDataset, indices: [Int], targets: [Int],
    coverage: Double = AnswerRule.usualCoverage
  ) throws(DatasetError) -> AnswerRule? {
    guard indices.count >= AnswerRule.fewestImages else { return nil }
    let outputs = try outputs(
      of: data, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    return AnswerRule(
      outputs, targets: targets, classCount: checkpoint.description.classes.count,
      coverage: coverage)
  }
}

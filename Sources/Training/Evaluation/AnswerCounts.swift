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

  /// Counts the answers of a rule.
  ///
  /// - Parameter targets: The labels.
  init(_ rule: AnswerRule, _ outputs: NetworkOutputs, targets: [Int]) {
    for (index, target) in targets.enumerated() {
      let logits = Array(outputs.logits(of: index))
      let isRight = logits.offsetOfLargest == target
      images += 1
      if isRight { right += 1 }
      switch rule.verdict(features: outputs.features(of: index), logits: logits) {
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
    guard let rule = checkpoint.description.answering else { return nil }
    let outputs = try outputs(
      of: data, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    return AnswerCounts(rule, outputs, targets: targets)
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

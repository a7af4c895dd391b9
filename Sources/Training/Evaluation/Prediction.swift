internal import Optimization
internal import Support

/// The output of a classifier for one image.
public struct Prediction: Equatable, Sendable {
  /// Class names in the order of the logits.
  public let classes: [String]
  /// One raw score per class, before the softmax.
  public let logits: [Float]
  /// Logits are divided by it before they become probabilities, > 0.
  public let temperature: Float
  /// Whether the label is an answer.
  public internal(set) var verdict: AnswerRule.Verdict
  /// The cosine between the features and the mean direction of the label's class, -1...1; nil if
  /// the network always answers.
  public internal(set) var similarity: Float?

  /// Creates a prediction.
  ///
  /// - Precondition: There is one logit for each class.
  public init(
    classes: [String], logits: [Float], temperature: Float = 1,
    verdict: AnswerRule.Verdict = .answered
  ) {
    precondition(
      classes.count == logits.count, "\(logits.count) logits of \(classes.count) classes")
    self.classes = classes
    self.logits = logits
    self.temperature = temperature
    self.verdict = verdict
  }

  /// The index of the most probable class; the first of equally probable ones.
  public var index: Int { logits.offsetOfLargest }

  /// The name of the most probable class.
  public var label: String { classes[index] }

  /// What is answered: the label, or that it is not known.
  public var answer: String {
    switch verdict {
    case .answered: label
    case .unsure: "unsure"
    case .none: "none of these"
    }
  }

  /// One probability per class, 0…1: the softmax of the logits divided by the temperature.
  public var probabilities: [Float] { softmax(logits.map { $0 / temperature }) }

  /// The probability of the label, 0…1.
  public var probability: Float { probabilities[index] }
}

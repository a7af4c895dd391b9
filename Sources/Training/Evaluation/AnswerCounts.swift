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

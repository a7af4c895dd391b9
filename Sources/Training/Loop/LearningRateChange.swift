/// A highest learning rate that a run has from a step on; the schedule keeps its shape.
public struct LearningRateChange: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The first step that is taken with it, counted from 1 as in `steps.csv`.
  public var step: Int
  /// The highest rate of the schedule, above 0.
  public var rate: Float

  /// Creates a change.
  public init(step: Int, rate: Float) { (self.step, self.rate) = (step, rate) }

  /// Reads `120=0.001`.
  ///
  /// - Returns: Nil for a text that is no step of at least 1 with a rate above 0.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let step = Int(parts[0]), let rate = Float(parts[1]) else { return nil }
    self.init(step: step, rate: rate)
    guard problem == nil else { return nil }
  }

  /// The text that means the same.
  public var description: String { "\(step)=\(rate)" }

  /// What cannot be so; nil if everything is in its range.
  var problem: String? {
    Problem.first([
      Problem.of("learning_rate_changes.step", step, in: 1...(1 << 53)),
      rate > 0 && rate.isFinite
        ? nil : "learning_rate_changes.rate is \(rate), expected a number above 0",
    ])
  }
}

extension TrainingConfiguration {
  /// Adds a change; one of the same step is replaced.
  public mutating func add(_ change: LearningRateChange) {
    var changes = (learningRateChanges ?? []).filter { $0.step != change.step }
    changes.insert(change, at: changes.firstIndex { $0.step > change.step } ?? changes.endIndex)
    learningRateChanges = changes
  }

  /// The highest learning rate at a step, counted from 1.
  public func highestLearningRate(atStep step: Int) -> Float {
    learningRateChanges?.last { $0.step <= step }?.rate ?? learningRate
  }

  /// The changes that were in force when this many steps were taken.
  func changes(through step: Int) -> [LearningRateChange] {
    (learningRateChanges ?? []).filter { $0.step <= step }
  }
}

public import Optimization
internal import Statistics
internal import Support

/// How well logits match labels.
public struct Evaluation: Codable, Equatable, Sendable {
  /// Class names in the order of the logits.
  public let classes: [String]
  /// Number of images evaluated.
  public let count: Int
  /// Mean loss under the objective of the evaluation.
  public let loss: Double
  /// `confusion[label][prediction]`: counts of images.
  public let confusion: [[Int]]

  /// Compares logits with labels.
  ///
  /// - Parameters:
  ///   - logits: Count × classes.
  ///   - targets: The labels.
  ///   - objective: The objective that gives the loss.
  /// - Precondition: There is at least one image.
  public init(
    logits: [Float], targets: [Int], classes: [String],
    objective: any Objective = SoftmaxCrossEntropy()
  ) {
    self.classes = classes
    count = targets.count
    loss = Double(objective.evaluate(logits: logits, targets: targets).loss)
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (index, target) in targets.enumerated() {
      let row = logits[index * classes.count..<(index + 1) * classes.count]
      confusion[target][row.offsetOfLargest] += 1
    }
    self.confusion = confusion
  }

  /// Images classified correctly.
  public var correct: Int { classes.indices.reduce(0) { $0 + confusion[$1][$1] } }

  /// Fraction classified correctly, 0…1.
  public var accuracy: Double { Double(correct) / Double(count) }

  /// Mean recall of the classes that have images, 0…1: does not grow by always giving the largest.
  public var balancedAccuracy: Double {
    let recalls = scores.compactMap(\.recall)
    return recalls.reduce(0, +) / Double(recalls.count)
  }

  /// The means of precision and F1 over the classes that have images, 0…1; what such a class has
  /// none of counts 0.
  public var macroPrecision: Double { macro(\.precision) }
  /// See `macroPrecision`.
  public var macroF1: Double { macro(\.f1) }

  private func macro(_ value: (ClassScore) -> Double?) -> Double {
    let present = scores.filter { $0.count > 0 }
    return present.reduce(0) { $0 + (value($1) ?? 0) } / Double(present.count)
  }

  /// The accuracy of always giving the class that has most images, 0…1.
  public var majorityAccuracy: Double {
    Double(confusion.map { $0.reduce(0, +) }.max() ?? 0) / Double(count)
  }

  /// The classes without an image: nothing is known about them.
  public var absentClasses: [String] { scores.filter { $0.count == 0 }.map(\.name) }

  /// 95% interval of the accuracy by Wilson's method.
  public var accuracyInterval: ClosedRange<Double> {
    Proportion(hits: correct, of: count).interval
  }

  /// The scores of one class.
  public struct ClassScore: Codable, Equatable, Sendable {
    /// The class, and how many images have it as their label.
    public let name: String, count: Int
    /// Of the images predicted as this class, the fraction that is; nil if there are none.
    public let precision: Double?
    /// Of the images of this class, the fraction predicted as such; nil if there are none.
    public let recall: Double?
    /// Harmonic mean of precision and recall; nil if either is nil, or both are 0.
    public let f1: Double?
  }

  /// One score per class.
  public var scores: [ClassScore] {
    classes.indices.map { index in
      let hits = Double(confusion[index][index])
      let actual = confusion[index].reduce(0, +)
      let called = confusion.reduce(0) { $0 + $1[index] }
      let precision = called > 0 ? hits / Double(called) : nil
      let recall = actual > 0 ? hits / Double(actual) : nil
      var f1: Double?
      if let precision, let recall, precision + recall > 0 {
        f1 = 2 * precision * recall / (precision + recall)
      }
      return ClassScore(
        name: classes[index], count: actual, precision: precision, recall: recall, f1: f1)
    }
  }
}

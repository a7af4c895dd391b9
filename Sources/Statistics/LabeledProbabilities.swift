internal import Foundation

/// The probabilities that a classifier gives for images whose classes are known.
public struct LabeledProbabilities: Equatable, Sendable {
  /// The class of each image.
  public let labels: [Int]
  /// Number of classes.
  public let classCount: Int
  /// Images × classes, 0…1.
  public let probabilities: [Double]
  /// Their natural logarithms, finite where a probability of logits underflows.
  public let logarithms: [Double]

  /// Takes the softmax of logits, in double precision.
  ///
  /// - Parameters:
  ///   - logits: Images × classes, finite.
  ///   - temperature: Logits are divided by it, > 0.
  /// - Precondition: There are as many rows as labels, and the labels are classes.
  public init(logits: [Float], labels: [Int], classCount: Int, temperature: Double = 1) {
    var logarithms: [Double] = []
    logarithms.reserveCapacity(logits.count)
    for start in stride(from: 0, to: logits.count, by: max(1, classCount)) {
      let row = logits[start..<min(start + classCount, logits.count)].map {
        Double($0) / temperature
      }
      let largest = row.max() ?? 0
      let logSum = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
      logarithms += row.map { $0 - logSum }
    }
    self.init(logarithms.map { exp($0) }, logarithms, labels, classCount)
  }

  /// Takes probabilities as they are; a class may have exactly 0 or 1.
  ///
  /// - Parameter probabilities: Images × classes, 0…1, each row with the sum 1.
  /// - Precondition: There are as many rows as labels, and the labels are classes.
  public init(probabilities: [Double], labels: [Int], classCount: Int) {
    self.init(probabilities, probabilities.map { log($0) }, labels, classCount)
  }

  private init(
    _ probabilities: [Double], _ logarithms: [Double], _ labels: [Int], _ classCount: Int
  ) {
    precondition(
      probabilities.count == labels.count * classCount,
      "\(probabilities.count) probabilities of \(labels.count) images in \(classCount) classes")
    precondition(labels.allSatisfy((0..<classCount).contains), "a label that is no class")
    self.probabilities = probabilities
    self.logarithms = logarithms
    self.labels = labels
    self.classCount = classCount
  }

  /// Number of images.
  public var count: Int { labels.count }

  /// The most probable class of each image; the first of equally probable ones.
  public var predictions: [Int] {
    labels.indices.map { image in
      let row = row(image)
      return row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 } - row.startIndex
    }
  }

  /// The probability of each prediction, 0…1.
  public var confidences: [Double] { labels.indices.map { row($0).max() ?? 0 } }

  /// Whether each prediction is the label.
  public var hits: [Bool] { zip(predictions, labels).map { $0 == $1 } }

  private func row(_ image: Int) -> ArraySlice<Double> {
    probabilities[image * classCount..<(image + 1) * classCount]
  }

  // MARK: Scores

  /// How many images have their label among the `k` most probable classes; of equally probable
  /// classes the first comes first.
  public func top(_ k: Int) -> Proportion {
    let hits = labels.indices.count { image in
      let start = image * classCount
      // Logarithms tell apart what probabilities round to 0 or 1.
      let own = logarithms[start + labels[image]]
      let better = (0..<classCount).count {
        logarithms[start + $0] > own || logarithms[start + $0] == own && $0 < labels[image]
      }
      return better < k
    }
    return Proportion(hits: hits, of: count)
  }

  /// The mean over the images of the sum over the classes of the squared distance between
  /// probability and label, 0 (best) to 2; nil without images.
  ///
  /// - Source: Brier, 1950, "Verification of forecasts expressed in terms of probability".
  public var brierScore: Double? {
    guard count > 0 else { return nil }
    var sum = 0.0
    for (index, probability) in probabilities.enumerated() {
      let isLabel = index % classCount == labels[index / classCount]
      let distance = probability - (isLabel ? 1 : 0)
      sum += distance * distance
    }
    return sum / Double(count)
  }

  /// The Brier score of always giving each class the fraction of images it has; nil without images.
  public var brierScoreOfFrequencies: Double? {
    guard count > 0 else { return nil }
    return (0..<classCount).reduce(1.0) { rest, classIndex in
      let fraction = Double(labels.count { $0 == classIndex }) / Double(count)
      return rest - fraction * fraction
    }
  }

  /// The mean of −log p of the label, nats; infinite if one has probability 0, nil without images.
  public var negativeLogLikelihood: Double? {
    guard count > 0 else { return nil }
    let sum = labels.indices.reduce(0.0) { $0 - logarithms[$1 * classCount + labels[$1]] }
    return sum / Double(count)
  }
}

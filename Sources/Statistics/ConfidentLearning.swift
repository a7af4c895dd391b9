/// Labels that predictions speak against.
///
/// The predictions must come from networks that have not been trained on the samples: those repeat
/// the labels they have seen. A sample is confidently of a class if its probability is at least
/// the mean that the class has among samples labeled so.
///
/// - Source: Northcutt, Jiang & Chuang, 2021, "Confident learning: estimating uncertainty in
///   dataset labels".
public struct ConfidentLearning: Sendable {
  /// For each class, the mean probability of the class over the samples labeled so, 0…1; nil for a
  /// class without samples.
  public let thresholds: [Double?]
  /// For each sample, the class it is confidently of, the most probable one; nil if it is of none.
  public let likely: [Int?]
  private let labels: [Int]
  private let probabilities: [[Double]]

  /// Compares labels with predictions.
  ///
  /// - Parameters:
  ///   - labels: The class of each sample, an index.
  ///   - probabilities: For each sample, one probability per class, 0…1.
  /// - Precondition: There is a row for each label, and all rows have the same classes.
  public init(labels: [Int], probabilities: [[Double]]) {
    precondition(
      labels.count == probabilities.count, "\(labels.count) labels, \(probabilities.count) rows")
    let classCount = probabilities.first?.count ?? 0
    var sums = [Double](repeating: 0, count: classCount)
    var counts = [Int](repeating: 0, count: classCount)
    for (label, row) in zip(labels, probabilities) {
      precondition(row.count == classCount, "\(row.count) probabilities of \(classCount) classes")
      sums[label] += row[label]
      counts[label] += 1
    }
    let thresholds = zip(sums, counts).map { sum, count in
      count > 0 ? sum / Double(count) : nil
    }
    self.labels = labels
    self.probabilities = probabilities
    self.thresholds = thresholds
    likely = probabilities.map { row in
      // Of probabilities that differ by rounding alone, both count.
      row.indices.filter { index in thresholds[index].map { row[index] >= $0 - 1e-6 } ?? false }
        .max { row[$0] < row[$1] }
    }
  }

  /// `joint[label][class]`: samples with a label that are confidently of a class.
  public var joint: [[Int]] {
    var joint = [[Int]](
      repeating: [Int](repeating: 0, count: thresholds.count), count: thresholds.count)
    for (label, likely) in zip(labels, likely) {
      if let likely { joint[label][likely] += 1 }
    }
    return joint
  }

  /// All samples, those first whose own label is least probable; equal ones in their order.
  public var ranking: [Int] {
    labels.indices.map { (index: $0, score: probabilities[$0][labels[$0]]) }
      .sorted { ($0.score, $0.index) < ($1.score, $1.index) }.map(\.index)
  }

  /// The samples that are confidently of another class than their label, in the order of
  /// `ranking`; none whose label is the most probable class all the same.
  public var doubted: [Int] {
    ranking.filter { index in
      guard let likely = likely[index], likely != labels[index] else { return false }
      let row = probabilities[index]
      return row.contains { $0 > row[labels[index]] }
    }
  }
}

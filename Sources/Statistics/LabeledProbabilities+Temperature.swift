internal import Foundation

extension LabeledProbabilities {
  /// The range of temperatures that are tried.
  public static let temperatures = 0.05...20.0

  /// The temperature with which the probabilities of some images fit their labels best: divided by
  /// it, their logits have the least negative log likelihood.
  ///
  /// Labels count as nearly sure, so that images which are all classified correctly do not ask for
  /// infinite logits: of a class with n images, as (n + 1)/(n + 2), the rest shared by the others.
  ///
  /// - Parameter logits: Images × classes, finite.
  /// - Returns: In `temperatures`; 1 without images, or with equal logits only.
  /// - Source: Guo, Pleiss, Sun & Weinberger, 2017, "On calibration of modern neural networks",
  ///   with the targets of Platt, 1999, "Probabilistic outputs for support vector machines".
  public static func fittedTemperature(
    logits: [Float], labels: [Int], classCount: Int
  ) -> Double {
    precondition(
      logits.count == labels.count * classCount,
      "\(logits.count) logits of \(labels.count) images in \(classCount) classes")
    guard classCount > 1 else { return 1 }
    let rows = labels.indices.map { image in
      let row = logits[image * classCount..<(image + 1) * classCount].map(Double.init)
      let largest = row.max() ?? 0
      return row.map { $0 - largest }
    }
    let counts = labels.reduce(into: [Int](repeating: 0, count: classCount)) { $0[$1] += 1 }
    let wanted = zip(rows, labels).reduce(0.0) { sum, image in
      let (row, label) = image
      let rest = 1 / Double(counts[label] + 2)
      let others = (row.reduce(0, +) - row[label]) / Double(classCount - 1)
      return sum + (1 - rest) * row[label] + rest * others
    }
    /// The derivative of the loss, which grows with the factor of the logits.
    func slope(_ factor: Double) -> Double {
      rows.reduce(-wanted) { sum, row in
        let weights = row.map { exp(factor * $0) }
        return sum + zip(weights, row).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      }
    }
    var (low, high) = (log(1 / temperatures.upperBound), log(1 / temperatures.lowerBound))
    guard slope(exp(low)) != slope(exp(high)) else { return 1 }
    // Each halving gains a bit; fewer would be seen in the 15th digit.
    for _ in 0..<55 {
      let middle = (low + high) / 2
      if slope(exp(middle)) > 0 { high = middle } else { low = middle }
    }
    return exp(-(low + high) / 2)
  }
}

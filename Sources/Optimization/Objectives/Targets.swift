/// What each sample of a batch should be classified as: one class, or a mixture of several.
public struct Targets: Equatable, Sendable {
  /// Batch × classes, row by row; every row adds up to 1.
  public private(set) var probabilities: [Float]
  /// How many classes there are.
  public let classCount: Int

  /// Samples of one class each.
  ///
  /// - Precondition: The classes are in `0..<classCount`.
  public init(_ classes: [Int], classCount: Int) {
    self.classCount = classCount
    probabilities = [Float](repeating: 0, count: classes.count * classCount)
    for (sample, target) in classes.enumerated() {
      precondition(target >= 0 && target < classCount, "class \(target) of \(classCount)")
      probabilities[sample * classCount + target] = 1
    }
  }

  /// Samples of several classes each.
  ///
  /// - Parameter probabilities: Count × classes, row by row.
  public init(probabilities: [Float], classCount: Int) {
    precondition(
      classCount > 0 && probabilities.count % classCount == 0,
      "\(probabilities.count) probabilities of \(classCount) classes")
    self.probabilities = probabilities
    self.classCount = classCount
  }

  /// Samples in the batch.
  public var count: Int { probabilities.count / max(1, classCount) }

  /// The class with the largest probability in each row; the first of equal ones.
  public var dominantClasses: [Int] {
    (0..<count).map { sample in
      let row = probabilities[sample * classCount..<(sample + 1) * classCount]
      return row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 } - row.startIndex
    }
  }

  /// The same with a fraction of every row spread evenly over all classes.
  public func smoothed(by part: Float) -> Targets {
    Targets(
      probabilities: probabilities.map { $0 * (1 - part) + part / Float(classCount) },
      classCount: classCount)
  }

  /// Mixes the targets of each pair.
  ///
  /// - Parameters:
  ///   - pairs: Places in the batch.
  ///   - kept: How much of its own target a sample keeps, 0…1.
  public mutating func mix(_ pairs: [(Int, Int)], keeping kept: Float) {
    for (a, b) in pairs {
      for index in 0..<classCount {
        let (first, second) = (a * classCount + index, b * classCount + index)
        let (own, other) = (probabilities[first], probabilities[second])
        probabilities[first] = kept * own + (1 - kept) * other
        probabilities[second] = kept * other + (1 - kept) * own
      }
    }
  }
}

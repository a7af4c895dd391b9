/// How pure the images are that are taken for a class, over how many of the class are found, for
/// every threshold on a score.
public struct PrecisionRecallCurve: Equatable, Sendable {
  /// From the highest threshold that some image passes to the lowest, which all pass.
  public let points: [Point]
  /// The sum over the thresholds of precision times the recall gained there, 0…1; the fraction of
  /// images that are of the class is guessing.
  ///
  /// There are no straight lines between points, which would be too optimistic.
  ///
  /// - Source: Manning, Raghavan & Schütze, 2008, "Introduction to information retrieval", as in
  ///   scikit-learn.
  public let averagePrecision: Double

  /// A point of the curve.
  public struct Point: Equatable, Sendable {
    /// The fraction of the images of the class above the threshold, 0…1.
    public var recall: Double
    /// The fraction of the images above the threshold that are of the class, 0…1.
    public var precision: Double
  }

  /// Measures a curve.
  ///
  /// - Parameters:
  ///   - scores: One for each image; not NaN.
  ///   - positives: Whether each image is of the class.
  /// - Returns: Nil without images of the class.
  public init?(scores: [Double], positives: [Bool]) {
    self.init(RankedScores(scores, positives))
  }

  init?(_ ranked: RankedScores) {
    let counts = ranked.counts()
    guard let all = counts.last?.truePositives, all > 0 else { return nil }
    points = counts.dropFirst().map {
      Point(
        recall: $0.truePositives / all,
        precision: $0.truePositives / ($0.truePositives + $0.falsePositives))
    }
    var sum = 0.0
    var recall = 0.0
    for point in points {
      sum += (point.recall - recall) * point.precision
      recall = point.recall
    }
    averagePrecision = sum
  }
}

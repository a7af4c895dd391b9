/// How many images of a class are found, over how many others are taken for it, for every
/// threshold on a score.
///
/// Images of equal scores pass a threshold together, so the curve is a slanted line there.
public struct ROCCurve: Equatable, Sendable {
  /// The fractions of other images and of images of the class above each threshold, 0…1, from
  /// (0, 0) to (1, 1).
  public let points: [Point]
  /// The area below the curve, 0…1: the probability that an image of the class has a higher score
  /// than another one, where a tie counts half.
  ///
  /// 0.5 is guessing.
  ///
  /// - Source: Hanley & McNeil, 1982, "The meaning and use of the area under a receiver operating
  ///   characteristic (ROC) curve".
  public let area: Double

  /// A point of the curve.
  public struct Point: Equatable, Sendable {
    /// The fraction of other images above the threshold, 0…1.
    public var falsePositiveRate: Double
    /// The fraction of the images of the class above the threshold, 0…1.
    public var truePositiveRate: Double
  }

  /// Measures a curve.
  ///
  /// - Parameters:
  ///   - scores: One for each image; not NaN.
  ///   - positives: Whether each image is of the class.
  /// - Returns: Nil unless there are images of the class and others.
  public init?(scores: [Double], positives: [Bool]) {
    self.init(RankedScores(scores, positives))
  }

  init?(_ ranked: RankedScores) {
    let counts = ranked.counts()
    guard let all = counts.last, all.truePositives > 0, all.falsePositives > 0 else { return nil }
    points = counts.map {
      Point(
        falsePositiveRate: $0.falsePositives / all.falsePositives,
        truePositiveRate: $0.truePositives / all.truePositives)
    }
    var area = 0.0
    for (a, b) in zip(counts, counts.dropFirst()) {
      area += (b.falsePositives - a.falsePositives) * (a.truePositives + b.truePositives) / 2
    }
    self.area = area / (all.truePositives * all.falsePositives)
  }

  /// The points where the curve bends, and its ends: it is the same curve.
  public var corners: [Point] {
    points.indices.filter { index in
      guard index > 0, index + 1 < points.count else { return true }
      let (before, here, after) = (points[index - 1], points[index], points[index + 1])
      let (rise, run) = (
        here.truePositiveRate - before.truePositiveRate,
        here.falsePositiveRate - before.falsePositiveRate
      )
      let (nextRise, nextRun) = (
        after.truePositiveRate - here.truePositiveRate,
        after.falsePositiveRate - here.falsePositiveRate
      )
      return abs(rise * nextRun - nextRise * run) > 1e-15
    }.map { points[$0] }
  }
}

/// How well probabilities rank images: for each class, those of the class against all others.
///
/// Means are over the classes that have both.
public struct ClassRanking: Sendable {
  /// For each class the curve; nil where it is not defined.
  public let roc: [ROCCurve?], precisionRecall: [PrecisionRecallCurve?]
  /// For each class the 95% intervals of both areas; nil where those are.
  public let rocIntervals: [ClosedRange<Double>?], precisionIntervals: [ClosedRange<Double>?]
  /// The 95% intervals of the mean areas.
  public let rocInterval: ClosedRange<Double>?, precisionInterval: ClosedRange<Double>?
  /// Of the curves of two classes each, or of the mean curve of more: 95% of resamples lie
  /// between, point by point.
  public let rocBands: [Band], precisionBands: [Band]
  /// How many resamples the intervals come from: 1,000, or fewer of very many images and classes.
  public let resampleCount: Int

  /// Where resampled curves lie.
  public struct Band: Equatable, Sendable {
    /// False positive rates, or recalls.
    public let places: [Double]
    /// At each place the middle of the curve itself, and the ends of the middle 95%.
    public let middle: [Double], low: [Double], high: [Double]
  }

  /// The mean area of the ROC curves; nil where no class has one.
  public var rocArea: Double? { Self.mean(roc.map { $0?.area }) }
  /// The mean of the average precisions of the same classes.
  public var averagePrecision: Double? {
    Self.mean(zip(roc, precisionRecall).map { $0 == nil ? nil : $1?.averagePrecision })
  }

  /// More visits of an image than this, and there are fewer resamples.
  private static let mostVisits = 400_000_000

  /// Ranks the images by each class, and resamples them.
  ///
  /// - Parameters:
  ///   - resamples: How many, at most.
  ///   - seed: Decides which images are drawn; each resample is a stream of its own.
  public init(_ data: LabeledProbabilities, resamples: Int = 1_000, seed: UInt64 = 1) {
    let classes = 0..<data.classCount
    let ranked = classes.map { classIndex in
      RankedScores(
        data.labels.indices.map { data.logarithms[$0 * data.classCount + classIndex] },
        data.labels.map { $0 == classIndex })
    }
    let roc = ranked.map { ROCCurve($0) }
    self.roc = roc
    precisionRecall = ranked.map { PrecisionRecallCurve($0) }
    let affordable = Self.mostVisits / max(1, data.count * data.classCount)
    resampleCount = data.count > 0 ? min(resamples, max(100, affordable)) : 0
    let draws = Resamples(imageCount: data.count, count: resampleCount, seed: seed)

    // What is not defined for all images is not for a resample.
    let useful = classes.filter { roc[$0] != nil }
    let groups = useful.count <= 2 ? useful.map { [$0] } : [useful]
    func measures(_ weights: [Double]) -> [RankedScores.Measures] {
      var sums = classes.map { _ in 0.0 }
      for (label, weight) in zip(data.labels, weights) { sums[label] += weight }
      let others = Double(data.count)
      return useful.map {
        ranked[$0].measures(weights, all: sums[$0], others: others - sums[$0])
      }
    }
    func curves(_ found: [RankedScores.Measures]) -> [(roc: [Double]?, precision: [Double]?)] {
      groups.map { group in
        let members = zip(useful, found).filter { group.contains($0.0) }.map(\.1)
        return (Self.mean(members.map(\.sensitivities)), Self.mean(members.map(\.precisions)))
      }
    }

    var areas = Array(repeating: (roc: [Double](), precision: [Double]()), count: classes.count)
    var means = (roc: [Double](), precision: [Double]())
    var resampled = groups.map { _ in (roc: [[Double]](), precision: [[Double]]()) }
    for resample in 0..<resampleCount where !useful.isEmpty {
      let found = measures(draws.weights(resample))
      for (classIndex, measures) in zip(useful, found) {
        areas[classIndex].roc += [measures.rocArea].compactMap(\.self)
        areas[classIndex].precision += [measures.averagePrecision].compactMap(\.self)
      }
      means.roc += [Self.mean(found.map(\.rocArea))].compactMap(\.self)
      means.precision += [
        Self.mean(found.map { $0.rocArea == nil ? nil : $0.averagePrecision })
      ].compactMap(\.self)
      for (place, curve) in curves(found).enumerated() {
        resampled[place].roc += [curve.roc].compactMap(\.self)
        resampled[place].precision += [curve.precision].compactMap(\.self)
      }
    }
    rocIntervals = areas.map(\.roc.percentileInterval)
    precisionIntervals = areas.map(\.precision.percentileInterval)
    rocInterval = means.roc.percentileInterval
    precisionInterval = means.precision.percentileInterval
    let measured = useful.isEmpty ? [] : curves(measures([Double](repeating: 1, count: data.count)))
    rocBands = zip(measured, resampled).compactMap { Band($0.roc, $1.roc) }
    precisionBands = zip(measured, resampled).compactMap { Band($0.precision, $1.precision) }
  }

  /// The mean of the numbers that there are; nil without any.
  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// The same, place by place.
  private static func mean(_ curves: [[Double]?]) -> [Double]? {
    let known = curves.compactMap(\.self)
    guard let first = known.first else { return nil }
    return first.indices.map { place in
      known.reduce(0) { $0 + $1[place] } / Double(known.count)
    }
  }
}

extension ClassRanking.Band {
  fileprivate init?(_ curve: [Double]?, _ resampled: [[Double]]) {
    guard let curve else { return nil }
    let intervals = curve.indices.map { place in resampled.map { $0[place] }.percentileInterval }
    places = RankedScores.grid
    middle = curve
    low = zip(intervals, curve).map { $0?.lowerBound ?? $1 }
    high = zip(intervals, curve).map { $0?.upperBound ?? $1 }
  }
}

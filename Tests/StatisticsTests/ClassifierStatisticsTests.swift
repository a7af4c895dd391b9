import Foundation
import Statistics
import TestSupport
import Testing

private struct Reference: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Bootstrap: Decodable, Sendable {
      var rocIntervals: [[Double]?], precisionIntervals: [[Double]?]
      var rocInterval: [Double]?, precisionInterval: [Double]?
      var rocBand: [[Double]], precisionBand: [[Double]]
    }

    var name: String
    var labels: [Int], classes: Int
    /// Hashed logits, those of the labels larger by `skill`.
    var stream: Int?, scale: Float?, skill: Float?
    var probabilities: [Double]?
    var roc: [Double?], precision: [Double?], meanRoc: Double?, meanPrecision: Double?
    var curve: [[Double]]?
    var top: [Double], brier: Double, likelihood: Double?
    var temperature: Double?
    var calibrationError: Double, debiasedError: Double, drawnError: Double?, binSizes: [Int]
    var bootstrap: Bootstrap?

    var testDescription: String { name }

    var data: LabeledProbabilities {
      probabilities.map {
        LabeledProbabilities(probabilities: $0, labels: labels, classCount: classes)
      } ?? LabeledProbabilities(logits: logits, labels: labels, classCount: classes)
    }

    var logits: [Float] {
      var logits = hashedNumbers(stream: stream ?? 0, count: labels.count * classes)
        .map { $0 * (scale ?? 1) }
      for (image, label) in labels.enumerated() { logits[image * classes + label] += skill ?? 0 }
      return logits
    }
  }

  var resamples: Int
  var cases: [Case]

  static let all = Result {
    try fixture(Reference.self, "statistics.json", in: .module)
  }
}

/// Whether two numbers, or none, agree to 1e-9.
private func agree(_ a: Double?, _ b: Double?) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return abs(a - b) <= 1e-9 * max(1, abs(b))
}

private func agree(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
}

private func agree(_ a: ClosedRange<Double>?, _ b: [Double]?) -> Bool {
  agree(a?.lowerBound, b?.first) && agree(a?.upperBound, b?.last)
}

/// Agreement with scikit-learn, scipy and the library of Kumar, Liang & Ma.
@Suite struct ClassifierStatisticsTests {
  @Test func `there is a case of every kind`() throws {
    let cases = try Reference.all.get().cases
    #expect(cases.count == 14)
    #expect(cases.contains { $0.classes == 20 } && cases.contains { Set($0.labels).count == 1 })
    #expect(cases.contains { $0.probabilities?.contains(1) == true })
  }

  @Test func `temperatures agree with a reference`() throws {
    for c in try Reference.all.get().cases {
      guard let wanted = c.temperature else { continue }
      let found = LabeledProbabilities.fittedTemperature(
        logits: c.logits, labels: c.labels, classCount: c.classes)
      #expect(abs(found - wanted) <= 2e-6 * wanted, "\(c.name): \(found), \(wanted)")
      // The same in probabilities.
      let scaled = LabeledProbabilities(
        logits: c.logits, labels: c.labels, classCount: c.classes, temperature: found)
      #expect(scaled.predictions == c.data.predictions, "\(c.name)")
      #expect(found == 20 || found == 0.05 || scaled.probabilities != c.data.probabilities)
    }
    #expect(try Reference.all.get().cases.count { $0.temperature != nil } == 10)
  }

  @Test func `no images, one class and equal logits leave probabilities as they are`() {
    func fitted(_ logits: [Float], _ labels: [Int], _ classCount: Int) -> Double {
      LabeledProbabilities.fittedTemperature(
        logits: logits, labels: labels, classCount: classCount)
    }
    #expect(fitted([], [], 2) == 1 && fitted([3, 4], [0, 0], 1) == 1)
    #expect(fitted([1, 1, 0, 0], [0, 1], 2) == 1)
  }

  @Test func `areas and average precisions agree with a reference`() throws {
    for c in try Reference.all.get().cases {
      let ranking = ClassRanking(c.data, resamples: 0)
      for index in 0..<c.classes {
        #expect(agree(ranking.roc[index]?.area, c.roc[index]), "\(c.name), \(index)")
        #expect(
          agree(ranking.precisionRecall[index]?.averagePrecision, c.precision[index]),
          "\(c.name), \(index)")
      }
      #expect(agree(ranking.rocArea, c.meanRoc), "\(c.name)")
      #expect(agree(ranking.averagePrecision, c.meanPrecision), "\(c.name)")
    }
  }

  @Test func `curves have the points of a reference`() throws {
    for c in try Reference.all.get().cases {
      let curve = ClassRanking(c.data, resamples: 0).roc.compactMap(\.self).first
      #expect((curve == nil) == (c.curve == nil), "\(c.name)")
      guard let curve, let expected = c.curve else { continue }
      #expect(agree(curve.points.map(\.falsePositiveRate), expected[0]), "\(c.name)")
      #expect(agree(curve.points.map(\.truePositiveRate), expected[1]), "\(c.name)")
    }
  }

  @Test func `intervals and bands agree with a reference on the same resamples`() throws {
    let reference = try Reference.all.get()
    for c in reference.cases {
      let ranking = ClassRanking(c.data, resamples: reference.resamples)
      guard let expected = c.bootstrap else {
        #expect(ranking.rocInterval == nil && ranking.rocBands.isEmpty, "\(c.name)")
        continue
      }
      #expect(ranking.resampleCount == reference.resamples)
      #expect(agree(ranking.rocInterval, expected.rocInterval), "\(c.name)")
      #expect(agree(ranking.precisionInterval, expected.precisionInterval), "\(c.name)")
      for index in 0..<c.classes {
        #expect(agree(ranking.rocIntervals[index], expected.rocIntervals[index]), "\(c.name)")
        #expect(
          agree(ranking.precisionIntervals[index], expected.precisionIntervals[index]),
          "\(c.name)")
      }
      let (roc, precision) = (ranking.rocBands.last, ranking.precisionBands.last)
      #expect(agree(roc?.low ?? [], expected.rocBand[0]), "\(c.name)")
      #expect(agree(roc?.high ?? [], expected.rocBand[1]), "\(c.name)")
      #expect(agree(precision?.low ?? [], expected.precisionBand[0]), "\(c.name)")
      #expect(agree(precision?.high ?? [], expected.precisionBand[1]), "\(c.name)")
    }
  }

  @Test func `top-k accuracy, Brier score and likelihood agree with a reference`() throws {
    for c in try Reference.all.get().cases {
      let data = c.data
      for (index, fraction) in c.top.enumerated() {
        #expect(agree(data.top(index + 1).fraction, fraction), "\(c.name), \(index + 1)")
      }
      #expect(agree(data.brierScore, c.brier), "\(c.name)")
      #expect(agree(data.negativeLogLikelihood, c.likelihood ?? .infinity) || c.likelihood == nil)
      if c.likelihood == nil { #expect(data.negativeLogLikelihood == .infinity, "\(c.name)") }
      #expect(data.top(c.classes).fraction == 1)
      #expect(data.top(1).hits == data.hits.count(where: \.self), "\(c.name)")
    }
  }

  @Test func `calibration errors agree with a reference`() throws {
    for c in try Reference.all.get().cases {
      let calibration = try #require(Calibration(c.data))
      #expect(calibration.bins.map(\.proportion.count) == c.binSizes, "\(c.name)")
      #expect(agree(calibration.error, c.calibrationError), "\(c.name)")
      #expect(agree(calibration.debiasedError, c.debiasedError), "\(c.name)")
      // The reference draws what is computed here.
      if let drawn = c.drawnError {
        #expect(abs(calibration.debiasedError - max(0, drawn)) < 2e-3, "\(c.name)")
      }
    }
  }

  @Test func `nothing measured says nothing`() {
    let none = LabeledProbabilities(probabilities: [], labels: [], classCount: 3)
    #expect(none.brierScore == nil && none.negativeLogLikelihood == nil)
    #expect(none.top(1).fraction == nil && none.brierScoreOfFrequencies == nil)
    #expect(Calibration(none) == nil)
    let ranking = ClassRanking(none)
    #expect(ranking.rocArea == nil && ranking.averagePrecision == nil)
    #expect(ranking.rocInterval == nil && ranking.rocBands.isEmpty)
  }

  @Test func `the same seed draws the same intervals, another seed others`() throws {
    let c = try #require(Reference.all.get().cases.first)
    let (a, b) = (ClassRanking(c.data, seed: 5), ClassRanking(c.data, seed: 5))
    #expect(a.rocInterval == b.rocInterval && a.rocBands == b.rocBands)
    #expect(a.resampleCount == 1_000)
    #expect(ClassRanking(c.data, seed: 6).rocInterval != a.rocInterval)
  }

  @Test func `corners leave the area of a curve as it is`() throws {
    for c in try Reference.all.get().cases {
      for curve in ClassRanking(c.data, resamples: 0).roc.compactMap(\.self) {
        let corners = curve.corners
        #expect(corners.first == curve.points.first && corners.last == curve.points.last)
        let area = zip(corners, corners.dropFirst()).reduce(0.0) { sum, pair in
          let width = pair.1.falsePositiveRate - pair.0.falsePositiveRate
          return sum + width * (pair.0.truePositiveRate + pair.1.truePositiveRate) / 2
        }
        #expect(abs(area - curve.area) < 1e-9, "\(c.name)")
      }
    }
  }
}

/// What probabilities say beyond chance.
@Suite struct CalibrationVerdictTests {
  /// `count` predictions of one probability, of which a fraction is right.
  private func verdict(_ confidence: Double, right: Int, of count: Int) -> Calibration.Verdict? {
    Calibration(
      confidences: Array(repeating: confidence, count: count),
      hits: (0..<count).map { $0 < right })?.verdict
  }

  @Test func `few images are no proof, many are`() {
    #expect(verdict(0.98, right: 100, of: 100) == .fitting)
    #expect(verdict(0.9, right: 8, of: 10) == .fitting)
    #expect(verdict(0.9, right: 800, of: 1_000) == .overconfident)
    #expect(verdict(0.8, right: 900, of: 1_000) == .underconfident)
  }

  @Test func `certainty is refuted by one mistake, and by nothing else`() {
    #expect(verdict(1, right: 9, of: 10) == .overconfident)
    #expect(verdict(1, right: 10, of: 10) == .fitting)
  }

  @Test func `of two equal probabilities the first is the prediction`() {
    let data = LabeledProbabilities(probabilities: [0.5, 0.5], labels: [1], classCount: 2)
    #expect(data.predictions == [0] && data.hits == [false])
    #expect(data.top(1).hits == 0 && data.top(2).hits == 1)
  }
}

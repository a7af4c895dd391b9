import Foundation
import Statistics
import TestSupport
import Testing
import Training

@Suite struct EvaluationTests {
  let evaluation = Evaluation(
    logits: [2, 1, 0, 3, 5, 1, 1, 4, 0, 1], targets: [0, 0, 0, 1, 1], classes: ["cat", "dog"])

  @Test func `rows of the confusion matrix are the truth`() {
    #expect(evaluation.confusion == [[2, 1], [0, 2]])
    #expect(evaluation.correct == 4 && evaluation.accuracy == 0.8)
  }

  @Test func `precision, recall and F1 follow their definitions`() throws {
    let scores = evaluation.scores
    #expect(scores.map(\.count) == [3, 2])
    #expect(scores.map(\.precision) == [1, 2.0 / 3])
    #expect(scores.map(\.recall) == [2.0 / 3, 1])
    #expect(abs(try #require(scores[0].f1) - 0.8) < 1e-12)
  }

  @Test func `a class nobody was called has no precision`() {
    let scores = Evaluation(logits: [1, 0, 1, 0], targets: [0, 0], classes: ["a", "b"]).scores
    #expect(scores[1].precision == nil && scores[1].recall == nil && scores[1].f1 == nil)
  }
}

/// scikit-learn 1.9.1 and statsmodels 0.15.0, by `Tools/reference/scores.py`.
@Suite struct ScoreReferenceTests {
  private struct Case: Decodable {
    struct Slice: Decodable { var count: Int, correct: Int, interval: [Double] }

    var name: String
    var count: Int, classes: Int, skill: Float, stream: Int, steps: Float?, scale: Float
    var labels: [Int], confusion: [[Int]]
    var precision: [Double?], recall: [Double?], f1: [Double]
    var macroPrecision: Double, macroF1: Double, balanced: Double, accuracy: Double
    var interval: [Double], places: [Int], slices: [Slice]

    private var logits: [Float] {
      var logits = hashedNumbers(stream: stream, count: count * classes)
      for (image, label) in labels.enumerated() { logits[image * classes + label] += skill }
      if let steps { logits = logits.map { ($0 * steps).rounded(.toNearestOrEven) / steps } }
      return logits.map { $0 * scale }
    }

    var evaluation: Evaluation {
      Evaluation(logits: logits, targets: labels, classes: (0..<classes).map { "\($0)" })
    }

    var hits: [Bool] {
      LabeledProbabilities(logits: logits, labels: labels, classCount: classes).hits
    }
  }

  private static let cases = Result { try fixture([Case].self, "scores.json", in: .module) }

  private func agree(_ own: Double?, _ other: Double?) -> Bool {
    guard let own, let other else { return own == nil && other == nil }
    return abs(own - other) < 1e-9
  }

  private func agree(_ own: ClosedRange<Double>, _ other: [Double]) -> Bool {
    agree(own.lowerBound, other[0]) && agree(own.upperBound, other[1])
  }

  @Test func `counts and scores are those of the references`() throws {
    let cases = try Self.cases.get()
    #expect(cases.count == 10 && cases.contains { $0.classes == 20 })
    for c in cases {
      let found = c.evaluation
      #expect(found.confusion == c.confusion, "\(c.name)")
      #expect(agree(found.accuracy, c.accuracy), "\(c.name)")
      #expect(agree(found.balancedAccuracy, c.balanced), "\(c.name)")
      #expect(agree(found.macroPrecision, c.macroPrecision), "\(c.name)")
      #expect(agree(found.macroF1, c.macroF1), "\(c.name)")
      #expect(agree(found.accuracyInterval, c.interval), "\(c.name)")
      for (index, score) in found.scores.enumerated() {
        #expect(agree(score.precision, c.precision[index]), "\(c.name), \(index)")
        #expect(agree(score.recall, c.recall[index]), "\(c.name), \(index)")
        #expect(agree(score.f1 ?? 0, c.f1[index]), "\(c.name), \(index)")
      }
    }
  }

  @Test func `slices have the intervals of a reference, also those without images`() throws {
    for c in try Self.cases.get() {
      let hits = c.hits
      for (place, expected) in c.slices.enumerated() {
        let inside = hits.indices.filter { c.places[$0] == place }
        let right = Proportion(hits: inside.count { hits[$0] }, of: inside.count)
        #expect(right.count == expected.count && right.hits == expected.correct, "\(c.name)")
        #expect(agree(right.interval, expected.interval), "\(c.name), \(place)")
      }
      // The same of a column of a list, whose values all have images.
      let slicing = Slicing("place", texts: c.places.map { "\($0)" })
      for slice in slicing.slices(of: hits) {
        let expected = try #require(Int(slice.value).map { c.slices[$0] })
        #expect(slice.count == expected.count && slice.correct == expected.correct, "\(c.name)")
        #expect(agree(slice.accuracyLow...slice.accuracyHigh, expected.interval), "\(c.name)")
      }
    }
  }
}

@Suite struct TrainingDataTests {
  @Test func `parts do not overlap and cover everything`() throws {
    let data = try TrainingData(
      Stripes.load(100), validationSplit: 0.2, testSplit: 0.1, seed: 3)
    #expect((data.training + data.validation + data.test).sorted() == Array(0..<100))
    #expect(data.validation.count == 20 && data.test.count == 10)
  }

  @Test func `a class without a training image is named`() {
    let error = #expect(throws: TrainingError.self) {
      try TrainingData(Stripes.load(2), validationSplit: 0.9, testSplit: 0, seed: 1)
    }
    #expect(error?.description.contains("'lying'") == true)
  }

  @Test func `too few images to validate say what to do`() {
    let error = #expect(throws: TrainingError.self) {
      try TrainingData(Stripes.load(4), validationSplit: 0.1, testSplit: 0, seed: 1)
    }
    #expect(error?.description.contains("--validation-split 0") == true)
  }

  @Test func `the fingerprint changes with the split`() throws {
    let a = try TrainingData(Stripes.load(50), validationSplit: 0.2, testSplit: 0.2, seed: 1)
    let b = try TrainingData(Stripes.load(50), validationSplit: 0.2, testSplit: 0.2, seed: 2)
    #expect(a.fingerprint != b.fingerprint)
  }
}

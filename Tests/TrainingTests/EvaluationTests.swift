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

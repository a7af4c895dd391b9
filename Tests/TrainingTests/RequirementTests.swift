import Foundation
import Testing
import Training

@Suite struct RequirementTests {
  /// A result without a test accuracy.
  private let result: RunRecord.Result

  init() throws {
    let text = """
      {"bestEpoch": 3, "seconds": 1, "validationAccuracy": 0.9, "validationLoss": 0.25,
       "testLoss": 0.5}
      """
    result = try JSONDecoder().decode(RunRecord.Result.self, from: Data(text.utf8))
  }

  @Test(arguments: [
    ("validation_accuracy>=0.9", true), ("validation_accuracy >= 0.9001", false),
    ("validation_loss<=0.25", true), ("validation_loss<=0.2", false), ("test_loss>=0.5", true),
    ("test_accuracy>=0", false), ("test_accuracy<=1", false),
  ])
  func `a requirement is met by what is as good, not by what is worse or not measured`(
    text: String, isMet: Bool
  ) throws {
    #expect(try #require(Requirement(text)).isMet(by: result) == isMet)
  }

  @Test(arguments: [
    (0.9, "0.99", "0.9"), (17.0 / 30, "0.99", "0.567"), (0.8999, "0.9", "0.8999"),
    (Double.nan, "0.9", "nan"),
  ])
  func `a result that misses a limit is said in few digits, but never as if it reached it`(
    accuracy: Double, limit: String, text: String
  ) throws {
    var result = self.result
    result.testAccuracy = accuracy
    let requirement = try #require(Requirement("test_accuracy>=\(limit)"))
    #expect(requirement.missing(result) == text)
    #expect(try #require(Requirement("test_accuracy>=0")).missing(self.result) == "not measured")
  }

  @Test(arguments: [
    "", "accuracy>=0.9", "test_accuracy>0.9", "test_accuracy=>0.9", "test_accuracy>=", ">=1",
    "test_accuracy>=nan", "test_accuracy>=0.9>=0.8", "test_accuracy>=inf", "test_accuracy==1",
  ])
  func `what is no requirement is not read as one`(text: String) {
    #expect(Requirement(text) == nil)
  }

  @Test func `a target accuracy finishes after the epoch that reaches it`() {
    var progress = TrainingState.Progress()
    progress.epoch = 1
    #expect(TargetAccuracy(0.9).decision(at: progress) == nil)
    progress.validationAccuracy = 0.9
    #expect(TargetAccuracy(0.9).decision(at: progress) == .finish)
    #expect(TargetAccuracy(0.91).decision(at: progress) == nil)
    progress.stepInEpoch = 1
    #expect(TargetAccuracy(0.9).decision(at: progress) == nil)
  }
}

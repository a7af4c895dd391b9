import Testing
import Training

@Suite struct BalanceTests {
  /// 9 cats, 1 dog and no fox; everything is taken for a cat.
  let evaluation = Evaluation(
    logits: (0..<10).flatMap { _ in [Float(1), 0, 0] },
    targets: [Int](repeating: 0, count: 9) + [1], classes: ["cat", "dog", "fox"])

  @Test func `balanced accuracy is the mean recall of the classes that have images`() {
    #expect(evaluation.accuracy == 0.9 && evaluation.balancedAccuracy == 0.5)
  }

  @Test func `always giving the largest class reaches its share`() {
    #expect(evaluation.majorityAccuracy == 0.9)
  }

  @Test func `a class without images is called absent`() {
    #expect(evaluation.absentClasses == ["fox"])
  }
}

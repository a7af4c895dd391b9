import Foundation
import Optimization
import TestSupport
import Testing

@Suite struct TargetsTests {
  @Test func `a pair takes from one another and the others stay`() {
    var targets = Targets([0, 1, 2], classCount: 3)
    targets.mix([(2, 0)], keeping: 0.75)
    #expect(targets.probabilities == [0.75, 0, 0.25, 0, 1, 0, 0.25, 0, 0.75])
  }

  @Test(arguments: [Float(0.75), 0.25])
  func `the dominant class is the one with the larger part`(kept: Float) {
    var targets = Targets([0, 1], classCount: 2)
    targets.mix([(0, 1)], keeping: kept)
    #expect(targets.dominantClasses == (kept > 0.5 ? [0, 1] : [1, 0]))
  }

  @Test(arguments: [Float(0), 0.1])
  func `the loss of a mixture is the mixture of the losses`(smoothing: Float) {
    let objective = SoftmaxCrossEntropy(labelSmoothing: smoothing)
    let logits: [Float] = [1, -2, 0.5, 0.25, 3, -1]
    var targets = Targets([0, 2], classCount: 3)
    targets.mix([(0, 1)], keeping: 0.7)
    let (loss, gradient) = objective.evaluate(logits: logits, targets: targets)
    let own = objective.evaluate(logits: logits, targets: [0, 2])
    let other = objective.evaluate(logits: logits, targets: [2, 0])
    #expect(abs(loss - (0.7 * own.loss + 0.3 * other.loss)) < 1e-6)
    let expected = zip(own.gradient, other.gradient).map { 0.7 * $0 + 0.3 * $1 }
    #expect(largestDifference(gradient, expected) < 1e-6)
  }
}

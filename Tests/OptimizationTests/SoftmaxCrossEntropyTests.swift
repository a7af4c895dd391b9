import Foundation
import Optimization
import TestSupport
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  @Test(arguments: [2, 3, 10])
  func `equal logits cost ln k`(classes: Int) {
    let (loss, _) = SoftmaxCrossEntropy().evaluate(
      logits: [Float](repeating: 3, count: classes * 2), targets: [0, classes - 1])
    #expect(abs(loss - log(Float(classes))) < 1e-6)
  }

  @Test(arguments: [Float(0), 0.1])
  func `the gradient agrees with finite differences`(smoothing: Float) {
    let objective = SoftmaxCrossEntropy(labelSmoothing: smoothing)
    let logits = hashedNumbers(stream: 1, count: 12)
    let targets = [2, 0, 1, 2]
    let (_, gradient) = objective.evaluate(logits: logits, targets: targets)
    let numeric = logits.indices.map { index in
      var (up, down) = (logits, logits)
      up[index] += 1e-2
      down[index] -= 1e-2
      let difference =
        Double(objective.evaluate(logits: up, targets: targets).loss)
        - Double(objective.evaluate(logits: down, targets: targets).loss)
      return difference / Double(up[index] - down[index])
    }
    #expect(relativeDifference(gradient.map(Double.init), numeric) < 1e-3)
  }

  @Test(arguments: [Float(1e4), 1e30])
  func `huge logits give a finite loss and gradient`(size: Float) {
    let (loss, gradient) = SoftmaxCrossEntropy().evaluate(
      logits: [size, -size, -size, size], targets: [0, 0])
    #expect(loss.isFinite)
    #expect(gradient.allSatisfy { $0.isFinite })
    #expect(gradient[0] == 0 && gradient[2] == -0.5)
  }

  @Test func `adding a number to all logits of a sample changes nothing`() {
    let objective = SoftmaxCrossEntropy(labelSmoothing: 0.1)
    let a = objective.evaluate(logits: [1, 2, 3], targets: [1])
    let b = objective.evaluate(logits: [11, 12, 13], targets: [1])
    #expect(abs(a.loss - b.loss) < 1e-5)
    #expect(largestDifference(a.gradient, b.gradient) < 1e-6)
  }

  @Test func `the loss of a batch is the mean, not the sum`() {
    let objective = SoftmaxCrossEntropy()
    let one = objective.evaluate(logits: [1, -1], targets: [1])
    let three = objective.evaluate(logits: [1, -1, 1, -1, 1, -1], targets: [1, 1, 1])
    #expect(abs(one.loss - three.loss) < 1e-6)
    #expect(abs(one.gradient[0] - 3 * three.gradient[0]) < 1e-6)
  }

  @Test func `a logit that is not a number makes the loss not a number`() {
    let (loss, _) = SoftmaxCrossEntropy().evaluate(logits: [.nan, 1], targets: [1])
    #expect(loss.isNaN)
  }

  @Test func `probabilities add up to one and keep the order of the logits`() {
    let p = softmax([1, 3, 2] as [Float])
    #expect(abs(p.reduce(0, +) - 1) < 1e-6)
    #expect(p[1] > p[2] && p[2] > p[0])
  }
}

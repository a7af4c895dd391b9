internal import Foundation

/// Cross-entropy between the softmax of the logits and the true class.
///
/// With p = softmax(z) and the smoothed target q (1−s on the true class plus s/K on every class):
/// L = −Σ q log p = log Σ exp(z) − Σ q z;  ∂L/∂z = p − q.
/// Computed from logits with the largest subtracted, so that it is finite for any finite logits.
///
/// A network that knows nothing scores ln K: 0.693 for two classes, the toss of a coin.
public struct SoftmaxCrossEntropy: Objective {
  /// s in `0..<1`: how much of the target is spread over all classes.
  public var labelSmoothing: Float

  /// Creates the objective.
  public init(labelSmoothing: Float = 0) {
    self.labelSmoothing = labelSmoothing
  }

  public func evaluate(logits: [Float], targets: [Int]) -> (loss: Float, gradient: [Float]) {
    let batch = targets.count
    precondition(batch > 0 && logits.count % batch == 0, "\(logits.count) logits for \(batch)")
    let classes = logits.count / batch
    let share = labelSmoothing / Float(classes)
    var gradient = [Float](repeating: 0, count: logits.count)
    var total = 0.0
    for (sample, target) in targets.enumerated() {
      precondition(target >= 0 && target < classes, "class \(target) of \(classes)")
      let row = sample * classes..<(sample + 1) * classes
      let probabilities = softmax(logits[row])
      let logSum = logSumExp(logits[row])
      for (index, position) in row.enumerated() {
        let wanted = (index == target ? 1 - labelSmoothing : 0) + share
        total += Double(wanted) * (logSum - Double(logits[position]))
        gradient[position] = (probabilities[index] - wanted) / Float(batch)
      }
    }
    return (Float(total / Double(batch)), gradient)
  }
}

/// Probabilities from logits: exp(z) / Σ exp(z), stable for any finite logits.
public func softmax(_ logits: some Collection<Float>) -> [Float] {
  let logSum = logSumExp(logits)
  return logits.map { Float(exp(Double($0) - logSum)) }
}

/// log Σ exp(z), stable for any finite logits.
private func logSumExp(_ logits: some Collection<Float>) -> Double {
  let largest = Double(logits.max() ?? 0)
  return largest + log(logits.reduce(0) { $0 + exp(Double($1) - largest) })
}

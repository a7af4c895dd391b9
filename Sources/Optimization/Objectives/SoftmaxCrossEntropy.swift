internal import Foundation

/// Cross-entropy between the softmax of the logits and the target.
///
/// With p = softmax(z) and the smoothed target q (1−s times the target plus s/K on every class):
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

  public func evaluate(logits: [Float], targets: Targets) -> (loss: Float, gradient: [Float]) {
    let (batch, classes) = (targets.count, targets.classCount)
    precondition(
      batch > 0 && logits.count == batch * classes,
      "\(logits.count) logits for \(batch) of \(classes) classes")
    let share = labelSmoothing / Float(classes)
    var gradient = [Float](repeating: 0, count: logits.count)
    var total = 0.0
    for sample in 0..<batch {
      let row = sample * classes..<(sample + 1) * classes
      let probabilities = softmax(logits[row])
      let logSum = logSumExp(logits[row])
      for (index, position) in row.enumerated() {
        let wanted = targets.probabilities[position] * (1 - labelSmoothing) + share
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

/// What training minimizes: how far a classifier's logits are from the targets.
public protocol Objective: Sendable {
  /// The mean loss over a batch and its gradient.
  ///
  /// - Parameters:
  ///   - logits: Batch × classes, row by row: raw scores, before any softmax.
  ///   - targets: The target of each sample.
  /// - Returns: The mean loss over the batch, and its gradient with respect to the logits
  ///   (batch × classes; already divided by the batch size).
  /// - Precondition: `logits` has as many values as `targets.probabilities`; the batch is not
  ///   empty.
  func evaluate(logits: [Float], targets: Targets) -> (loss: Float, gradient: [Float])
}

extension Objective {
  /// The same for samples of one class each, in `0..<classes`.
  public func evaluate(logits: [Float], targets: [Int]) -> (loss: Float, gradient: [Float]) {
    precondition(
      !targets.isEmpty && logits.count % targets.count == 0,
      "\(logits.count) logits for \(targets.count)")
    return evaluate(
      logits: logits, targets: Targets(targets, classCount: logits.count / targets.count))
  }
}

/// What training makes small: a number for how far a classifier's logits are from the truth.
public protocol Objective: Sendable {
  /// The mean loss over a batch and its gradient.
  ///
  /// - Parameters:
  ///   - logits: Batch × classes, row by row: raw scores, before any softmax.
  ///   - targets: The true class of each sample, in `0..<classes`.
  /// - Returns: The mean loss over the batch, and its gradient with respect to the logits
  ///   (batch × classes; already divided by the batch size).
  /// - Precondition: `logits.count` is a multiple of `targets.count`; the batch is not empty.
  func evaluate(logits: [Float], targets: [Int]) -> (loss: Float, gradient: [Float])
}

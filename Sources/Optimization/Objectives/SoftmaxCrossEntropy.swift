internal import Foundation

/// Cross-entropy between the softmax of the logits and the target.
///
/// With p = softmax(z), the target t, the smoothed target q = (1−s) t + s/K, and class weights w:
/// L = −Σ w q log p / Σ w t, sums over the batch and its classes; without weights the mean over
/// the batch of −Σ q log p, whose gradient is p − q. Computed from logits with the largest
/// subtracted, so that it is finite for any finite logits.
///
/// A network that knows nothing has a loss of ln K: 0.693 for two classes, like a coin toss.
///
/// - Note: With weights and one class per sample, the same as PyTorch's `cross_entropy`.
public struct SoftmaxCrossEntropy: SampleObjective {
  /// s in `0..<1`: how much of the target is spread over all classes.
  public var labelSmoothing: Float
  /// One weight ≥ 0 per class; empty for equal ones.
  public var classWeights: [Float]

  /// Creates the objective.
  public init(labelSmoothing: Float = 0, classWeights: [Float] = []) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  public func evaluate(logits: [Float], targets: Targets) -> (loss: Float, gradient: [Float]) {
    let (batch, classes) = (targets.count, targets.classCount)
    precondition(
      batch > 0 && logits.count == batch * classes,
      "\(logits.count) logits for \(batch) of \(classes) classes")
    precondition(
      classWeights.isEmpty || classWeights.count == classes,
      "\(classWeights.count) weights for \(classes) classes")
    let smoothed = targets.smoothed(by: labelSmoothing).probabilities
    var gradient = [Float](repeating: 0, count: logits.count)
    var (total, divisor) = (0.0, classWeights.isEmpty ? Double(batch) : 0)
    for start in stride(from: 0, to: logits.count, by: classes) {
      let softmax = Softmax(logits[start..<start + classes].map(Double.init))
      var h: [Double] = []
      for index in 0..<classes {
        let weight = classWeights.isEmpty ? 1 : Double(classWeights[index])
        let wanted = weight * Double(smoothed[start + index])
        total -= wanted * softmax.logarithms[index]
        if !classWeights.isEmpty {
          divisor += weight * Double(targets.probabilities[start + index])
        }
        h.append(-wanted)
      }
      for (index, slope) in softmax.gradient(h).enumerated() {
        gradient[start + index] = Float(slope)
      }
    }
    // A batch in which all classes have weight 0 has no gradient.
    guard divisor > 0 else { return (0, gradient.map { _ in 0 }) }
    return (Float(total / divisor), gradient.map { $0 / Float(divisor) })
  }

  /// The loss of one sample without class weights, which belong to a batch.
  public func evaluate(
    logits: [Double], target: [Double]
  ) -> (loss: Double, gradient: [Double]) {
    PolyOneObjective(epsilon: 0).evaluate(logits: logits, target: target)
  }

  /// Smoothed in one pass; class weights divide by those of the labels, before smoothing.
  public func smoothed(by smoothing: Float) -> any Objective {
    SoftmaxCrossEntropy(labelSmoothing: smoothing, classWeights: classWeights)
  }
}

/// Probabilities from logits: exp(z) / Σ exp(z), stable for any finite logits.
public func softmax(_ logits: some Collection<Float>) -> [Float] {
  Softmax(logits.map(Double.init)).probabilities.map { Float($0) }
}

extension ObjectiveEntry {
  static let crossEntropy = ObjectiveEntry(
    "cross-entropy", "surprise at the label: -log of its softmax probability",
    [ChoiceParameter("weights", .perClass(0...1e6), [], "one weight per class, as in 1/3")]
  ) { SoftmaxCrossEntropy(classWeights: $0.list("weights").map { Float($0) }) }
}

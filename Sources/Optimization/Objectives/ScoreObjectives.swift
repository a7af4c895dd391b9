internal import Foundation

// Losses that take every logit as a separate score, without softmax.

/// Every class is a separate yes-or-no question, answered by the sigmoid of its logit: the mean
/// over the classes of log(1 + exp(z)) − qz.
struct BinaryCrossEntropyObjective: SampleObjective {
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let count = Double(logits.count)
    var loss = 0.0
    var gradient: [Double] = []
    for (z, q) in zip(logits, target) {
      loss += (softplus(z) - q * z) / count
      gradient.append((sigmoid(z) - q) / count)
    }
    return (loss, gradient)
  }

  func logits(for probabilities: [Double]) -> [Double] {
    probabilities.map { log($0 / (1 - $0)) }
  }
}

/// How far other classes come within a margin m of the true one, like PyTorch's
/// `MultiMarginLoss`: Σᵧ qᵧ (1/K) Σ_{i≠y} max(0, m − zᵧ + zᵢ)ᵖ.
///
/// - Source: Weston & Watkins, 1999, "Support vector machines for multi-class pattern recognition".
struct HingeObjective: SampleObjective {
  var margin: Double
  /// p: false for 1, true for 2.
  var isSquared: Bool

  let domain = ObjectiveDomain.scores

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let count = Double(logits.count)
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: logits.count)
    for (label, q) in target.enumerated() where q != 0 {
      for other in logits.indices where other != label {
        let lack = margin - logits[label] + logits[other]
        guard lack > 0 else { continue }
        loss += q / count * (isSquared ? lack * lack : lack)
        let slope = q / count * (isSquared ? 2 * lack : 1)
        gradient[label] -= slope
        gradient[other] += slope
      }
    }
    return (loss, gradient)
  }
}

/// One minus the cosine of the angle between logits and target; their lengths do not matter.
///
/// - Source: Barz & Denzler, 2020, arXiv:1901.09054. Lengths below 1e-8 count as 1e-8, as in
///   PyTorch's `cosine_similarity`.
struct CosineObjective: SampleObjective {
  private static let shortest = 1e-8

  let domain = ObjectiveDomain.scores

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    func length(_ values: [Double]) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let actual = length(logits)
    let (size, other) = (max(actual, Self.shortest), max(length(target), Self.shortest))
    let cosine = zip(logits, target).reduce(0) { $0 + $1.0 * $1.1 } / (size * other)
    let gradient = zip(logits, target).map { z, q in
      // Where the length is fixed at its minimum, its part of the slope is 0.
      (actual > Self.shortest ? cosine * z / (size * size) : 0) - q / (size * other)
    }
    return (1 - cosine, gradient)
  }
}

extension ObjectiveEntry {
  static let binaryCrossEntropy = ObjectiveEntry(
    "binary-cross-entropy", "every class a separate yes-or-no question, by sigmoid"
  ) { _ in BinaryCrossEntropyObjective() }

  static let hinge = hingeVariant(
    "hinge", "how far the label fails to lead by a margin", isSquared: false)

  static let squaredHinge = hingeVariant("squared-hinge", "hinge, squared", isSquared: true)

  static let cosine = ObjectiveEntry(
    "cosine", "one minus the cosine between logits and target"
  ) { _ in CosineObjective() }

  private static func hingeVariant(
    _ name: String, _ summary: String, isSquared: Bool
  ) -> ObjectiveEntry {
    let margin = ChoiceParameter("margin", 1, in: 0...1e6, "by how much the label must lead")
    return ObjectiveEntry(name, summary, [margin]) {
      HingeObjective(margin: $0["margin"], isSquared: isSquared)
    }
  }
}

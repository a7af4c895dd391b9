internal import Foundation

/// Σ q (1 − pᵏ)/k, between cross-entropy (k → 0) and the mean absolute error (k = 1): labels that
/// contradict a sure network count less, so wrong ones do less harm.
///
/// - Source: Zhang & Sabuncu, 2018, "Generalized cross entropy loss for training deep neural
///   networks with noisy labels", arXiv:1805.07836, which calls the exponent q.
struct GeneralizedCrossEntropyObjective: SampleObjective {
  /// k, in 0 < k ≤ 1.
  var exponent: Double

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    var loss = 0.0
    var h: [Double] = []
    for (logarithm, q) in zip(softmax.logarithms, target) {
      loss -= q * expm1(exponent * logarithm) / exponent
      h.append(-q * exp(exponent * logarithm))
    }
    return (loss, softmax.gradient(h))
  }
}

extension ObjectiveEntry {
  static let generalizedCrossEntropy = ObjectiveEntry(
    "gce", "generalized cross-entropy, which wrong labels harm less",
    [ChoiceParameter("exponent", 0.7, in: 1e-3...1, "0: cross-entropy, 1: mean error")]
  ) { GeneralizedCrossEntropyObjective(exponent: $0["exponent"]) }
}

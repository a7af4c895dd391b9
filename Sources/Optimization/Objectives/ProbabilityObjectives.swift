internal import Foundation

// Losses of the probabilities p = softmax(z) and the target q. Each gives h = ∂L/∂(log p).

/// −Σ q (1−p)^γ log p: samples already classified correctly count less.
///
/// - Source: Lin et al., 2017, arXiv:1708.02002, with softmax instead of sigmoid and without α;
///   γ = 0 is cross-entropy.
struct FocalObjective: SampleObjective {
  var gamma: Double

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    var loss = 0.0
    var h: [Double] = []
    for (logarithm, q) in zip(softmax.logarithms, target) {
      let rest = -expm1(logarithm)
      let weight = pow(rest, gamma)
      // log p / (1 − p) tends to −1 as p tends to 1.
      let ratio = rest > 0 ? logarithm / rest : -1
      loss -= q * weight * logarithm
      h.append(q * weight * (gamma * exp(logarithm) * ratio - 1))
    }
    return (loss, softmax.gradient(h))
  }
}

/// Cross-entropy plus ε Σ q (1 − p): its first Taylor coefficient raised.
///
/// - Source: Leng et al., 2022, arXiv:2204.12511.
struct PolyOneObjective: SampleObjective {
  var epsilon: Double

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    var loss = 0.0
    var h: [Double] = []
    for ((p, logarithm), q) in zip(zip(softmax.probabilities, softmax.logarithms), target) {
      loss += q * (epsilon * (1 - p) - logarithm)
      h.append(-q * (1 + epsilon * p))
    }
    return (loss, softmax.gradient(h))
  }
}

/// The divergence Σ q log(q/p): cross-entropy without the entropy of the target.
struct KullbackLeiblerObjective: SampleObjective {
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    let loss = zip(softmax.logarithms, target).reduce(0) { sum, term in
      term.1 > 0 ? sum + term.1 * (log(term.1) - term.0) : sum
    }
    return (loss, softmax.gradient(target.map { -$0 }))
  }
}

/// ½ KL(q‖m) + ½ KL(p‖m) with m = (p + q)/2: bounded by log 2, and symmetric.
///
/// - Source: Lin, 1991, "Divergence measures based on the Shannon entropy".
struct JensenShannonObjective: SampleObjective {
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    var loss = 0.0
    var h: [Double] = []
    for ((p, logarithm), q) in zip(zip(softmax.probabilities, softmax.logarithms), target) {
      let middle = (p + q) / 2
      let slope = p > 0 ? 0.5 * p * (logarithm - log(middle)) : 0
      loss += slope + (q > 0 ? 0.5 * q * log(q / middle) : 0)
      h.append(slope)
    }
    return (loss, softmax.gradient(h))
  }
}

/// Σ (p − q)², from 0 to 2.
///
/// - Source: Brier, 1950, "Verification of forecasts expressed in terms of probability".
struct BrierObjective: SampleObjective {
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    var loss = 0.0
    var h: [Double] = []
    for (p, q) in zip(softmax.probabilities, target) {
      loss += (p - q) * (p - q)
      h.append(2 * (p - q) * p)
    }
    return (loss, softmax.gradient(h))
  }
}

extension ObjectiveEntry {
  static let focal = ObjectiveEntry(
    "focal", "cross-entropy with less weight on what is already right",
    [ChoiceParameter("gamma", 2, in: 0...100, "how much less; 0 is cross-entropy")]
  ) { FocalObjective(gamma: $0["gamma"]) }

  static let polyOne = ObjectiveEntry(
    "poly-1", "cross-entropy plus epsilon times (1 - p of the label)",
    [ChoiceParameter("epsilon", 2, in: -1...100, "weight of the added part")]
  ) { PolyOneObjective(epsilon: $0["epsilon"]) }

  static let kullbackLeibler = ObjectiveEntry(
    "kl", "Kullback-Leibler divergence from the target"
  ) { _ in KullbackLeiblerObjective() }

  static let jensenShannon = ObjectiveEntry(
    "jensen-shannon", "the symmetric, bounded relative of kl"
  ) { _ in JensenShannonObjective() }

  static let brier = ObjectiveEntry(
    "brier", "squared error of the softmax probabilities, summed"
  ) { _ in BrierObjective() }
}

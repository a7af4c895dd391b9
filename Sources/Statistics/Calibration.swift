internal import Foundation

/// Whether predictions are right as often as their probabilities say.
public struct Calibration: Equatable, Sendable {
  /// Images whose predictions have about the same probability.
  public struct Bin: Equatable, Sendable {
    /// The range of probabilities; the lower end belongs to the bin below, except for 0.
    public let low: Double, high: Double
    /// The images, and how many of their predictions are right.
    public let proportion: Proportion
    /// The mean probability of the predictions; nil without images.
    public let confidence: Double?
  }

  /// From 0 to 1, equally wide.
  public let bins: [Bin]
  /// The mean probability of the predictions, 0…1.
  public let confidence: Double
  /// How many predictions are right.
  public let proportion: Proportion
  /// The mean over the images of the distance between accuracy and mean probability in their bin,
  /// 0…1: the expected calibration error.
  ///
  /// - Source: Naeini, Cooper & Hauskrecht, 2015, "Obtaining well calibrated probabilities using
  ///   Bayesian binning"; Guo et al., 2017, "On calibration of modern neural networks".
  public let error: Double
  /// The same without the part that chance adds, not below 0.
  ///
  /// What the error grows by if the accuracy of each bin is drawn anew from a normal distribution
  /// around it, with the variance of a proportion, is taken off once.
  ///
  /// - Source: Kumar, Liang & Ma, 2019, "Verified uncertainty calibration", section 5 and appendix,
  ///   for p = 1; here the mean is exact instead of drawn.
  public let debiasedError: Double
  /// How far the mean probability may be from the accuracy by chance, 0…1: 95% of the time, if
  /// each prediction is right with just its probability, by the normal distribution.
  public let chance: Double

  /// Sorts predictions into bins.
  ///
  /// - Parameters:
  ///   - confidences: The probability of each prediction, 0…1.
  ///   - hits: Whether each prediction is right.
  /// - Returns: Nil without predictions.
  public init?(confidences: [Double], hits: [Bool], binCount: Int = 15) {
    precondition(confidences.count == hits.count, "\(confidences.count) for \(hits.count)")
    guard !hits.isEmpty else { return nil }
    let width = 1 / Double(binCount)
    let places = confidences.map { confidence in
      // Rounding must not move an end into the bin above.
      min(binCount - 1, max(0, Int((confidence * Double(binCount) - 1e-9).rounded(.up)) - 1))
    }
    var members = Array(repeating: [Int](), count: binCount)
    for (image, place) in places.enumerated() { members[place].append(image) }
    bins = members.enumerated().map { place, images in
      Bin(
        low: Double(place) * width, high: Double(place + 1) * width,
        proportion: Proportion(hits: images.count { hits[$0] }, of: images.count),
        confidence: images.isEmpty
          ? nil : images.reduce(0) { $0 + confidences[$1] } / Double(images.count))
    }
    let count = Double(hits.count)
    confidence = confidences.reduce(0, +) / count
    proportion = Proportion(hits: hits.count(where: \.self), of: hits.count)
    let weighted = bins.map { ($0, Double($0.proportion.count) / count) }
    let error = weighted.reduce(0.0) { $0 + $1.1 * $1.0.gap }
    self.error = error
    debiasedError = max(0, 2 * error - weighted.reduce(0.0) { $0 + $1.1 * $1.0.redrawnGap })

    let variance = confidences.reduce(0.0) { $0 + $1 * (1 - $1) }
    chance = 1.959_963_985 * variance.squareRoot() / count
  }

  /// Sorts the predictions of a classifier into bins; nil without images.
  public init?(_ data: LabeledProbabilities, binCount: Int = 15) {
    self.init(confidences: data.confidences, hits: data.hits, binCount: binCount)
  }

  /// What the probabilities say in relation to the accuracy.
  public enum Verdict: String, Codable, Sendable {
    /// Too high beyond chance, too low, or neither.
    case overconfident, underconfident, fitting
  }

  /// Whether the probabilities are too high or too low on the whole, beyond chance.
  public var verdict: Verdict {
    let excess = confidence - (proportion.fraction ?? confidence)
    // Sums of many probabilities are rounded.
    guard abs(excess) > chance + 1e-12 else { return .fitting }
    return excess > 0 ? .overconfident : .underconfident
  }
}

extension Calibration.Bin {
  /// The distance between accuracy and mean probability; 0 without images.
  fileprivate var gap: Double {
    guard let confidence, let accuracy = proportion.fraction else { return 0 }
    return abs(accuracy - confidence)
  }

  /// The mean of that distance with the accuracy drawn anew: of a folded normal distribution.
  fileprivate var redrawnGap: Double {
    guard let accuracy = proportion.fraction else { return 0 }
    let deviation = (accuracy * (1 - accuracy) / Double(proportion.count)).squareRoot()
    guard deviation > 0 else { return gap }
    let ratio = gap / deviation
    return deviation * (2 / .pi).squareRoot() * exp(-ratio * ratio / 2)
      + gap * erf(ratio / 2.0.squareRoot())
  }
}

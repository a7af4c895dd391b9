internal import Foundation

/// Whether one of two classifiers is right more often than the other, on the same images.
///
/// Images on which both are right, or both are wrong, say nothing. If neither is better, each of
/// the others is as likely the one's as the other's.
///
/// - Source: McNemar, 1947, "Note on the sampling error of the difference between correlated
///   proportions or percentages".
public struct McNemarTest: Equatable, Sendable {
  /// Images on which only the first, and on which only the second is right.
  public let onlyFirst: Int, onlySecond: Int

  /// Creates a test; counts are at least 0.
  public init(onlyFirst: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
  }

  /// Images on which exactly one is right.
  private var discordant: Int { onlyFirst + onlySecond }

  /// The two-sided p-value by the binomial distribution, 0…1: never too small.
  public var exactP: Double { min(1, 2 * tail.sum) }

  /// The two-sided mid-p-value, 0…1: half of the probability of what was seen does not count.
  ///
  /// It is rarely too small, and less often too large than the exact one.
  ///
  /// - Source: Fagerland, Lydersen & Laake, 2013, "The McNemar test for binary matched-pairs data:
  ///   mid-p and asymptotic are better than exact conditional".
  public var midP: Double { min(1, 2 * tail.sum - tail.last) }

  /// The probability of the smaller count or less, and that of the smaller count, by a fair coin.
  private var tail: (sum: Double, last: Double) {
    // Logarithms, because the probability of none is too small for a number.
    var (logarithm, sum) = (Double(discordant) * log(0.5), 0.0)
    for hits in 0...min(onlyFirst, onlySecond) {
      if hits > 0 { logarithm += log(Double(discordant - hits + 1) / Double(hits)) }
      sum += exp(logarithm)
    }
    return (sum, exp(logarithm))
  }

  /// About how many images it would take to tell the two apart, if they differ as much as here.
  ///
  /// With ψ, the fraction of images on which exactly one is right, and δ, the difference of the
  /// accuracies, these are (z₁ √ψ + z₂ √(ψ − δ²))² / δ².
  ///
  /// - Parameters:
  ///   - count: All images here.
  ///   - level: The p-value below which they are told apart.
  ///   - power: The probability that they are.
  /// - Returns: Nil if they are equally good here.
  /// - Source: Connor, 1987, "Sample size for testing differences in proportions for the
  ///   paired-sample design".
  public func imagesNeeded(of count: Int, level: Double = 0.05, power: Double = 0.8) -> Int? {
    guard onlyFirst != onlySecond else { return nil }
    let disagreement = Double(discordant) / Double(count)
    let difference = Double(onlyFirst - onlySecond) / Double(count)
    let root =
      NormalDistribution.quantile(1 - level / 2) * disagreement.squareRoot()
      + NormalDistribution.quantile(power)
      * (disagreement - difference * difference).squareRoot()
    return Int((root * root / (difference * difference)).rounded(.up))
  }
}

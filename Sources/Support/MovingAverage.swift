internal import Foundation

/// An exponential moving average over steps, without the pull toward zero at its start.
///
/// With age a of a value in steps and half-life h its weight is 2^(−a/h); dividing by the sum of
/// the weights (not by their limit) removes the bias, so the first average is the first value.
/// - Source: Kingma & Ba, 2015, arXiv:1412.6980, section 3.
package struct MovingAverage: Equatable, Sendable {
  /// Steps after which the weight of a value is halved.
  package let halfLife: Double
  /// Sum of the weighted values, and of their weights.
  package private(set) var weightedSum = 0.0, weights = 0.0
  private var lastStep: Double?

  /// Creates an average without values.
  ///
  /// - Precondition: `halfLife` is positive.
  package init(halfLife: Double) {
    precondition(halfLife > 0, "a half-life of \(halfLife) steps")
    self.halfLife = halfLife
  }

  /// Adds a value, or the mean of `weight` values, and returns the average.
  ///
  /// NaN for a value that is not finite, which is ignored later.
  package mutating func add(
    _ value: Double, at step: Double, weight: Double = 1
  ) -> Double {
    guard value.isFinite else { return .nan }
    let decay = exp2(-(step - (lastStep ?? step)) / halfLife)
    weightedSum = weightedSum * decay + value * weight
    weights = weights * decay + weight
    lastStep = step
    return weightedSum / weights
  }

  /// A suitable half-life for a number of steps: about a hundredth, rounded to 1, 2 or 5 × 10ⁿ.
  package static func automaticHalfLife(stepCount: Int) -> Double {
    let wanted = max(2, Double(stepCount) / 100)
    let power = pow(10, floor(log10(wanted)))
    return ([1.0, 2, 5, 10].map { $0 * power }.min { abs($0 - wanted) < abs($1 - wanted) })
      ?? wanted
  }
}

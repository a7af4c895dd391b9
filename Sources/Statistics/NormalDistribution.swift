internal import Foundation

/// The standard normal distribution.
enum NormalDistribution {
  /// The number below which a draw lies with a probability, by halving an interval.
  ///
  /// - Parameter probability: Above 0 and below 1.
  static func quantile(_ probability: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if erfc(-middle / 2.0.squareRoot()) / 2 < probability { low = middle } else { high = middle }
    }
  }
}

internal import Foundation

/// An error that falls with the number of training images: floor + scale · count^−exponent.
///
/// - Source: Hestness et al., 2017, arXiv:1712.00409; of the laws that Viering & Loog, 2021,
///   arXiv:2103.10948, compare, the one with three parameters.
public struct PowerLaw: Codable, Equatable, Sendable {
  /// What is left however many images there are, ≥ 0.
  public let floor: Double
  /// The error above the floor with one image, ≥ 0.
  public let scale: Double
  /// How fast it falls, in `exponents`.
  public let exponent: Double

  /// The exponents that are tried; deep networks have 0.07 to 0.35 (Hestness et al.).
  static let exponents = 0.05...2.0
  private static let exponentCount = 150

  /// The error of a number of images.
  public func error(at count: Double) -> Double { floor + scale * pow(count, -exponent) }

  /// Fits a law by weighted least squares.
  ///
  /// For each of 150 exponents, in equal ratios, the best floor and scale are known exactly; the
  /// exponent with the smallest sum is taken.
  ///
  /// - Parameter points: Numbers of images > 0, errors and weights > 0.
  /// - Precondition: There are two or more numbers of images.
  init(fitting points: [(count: Double, error: Double, weight: Double)]) {
    let ratio = Self.exponents.upperBound / Self.exponents.lowerBound
    let laws = (0..<Self.exponentCount).map { index in
      PowerLaw(
        fitting: points,
        exponent: Self.exponents.lowerBound
          * pow(ratio, Double(index) / Double(Self.exponentCount - 1)))
    }
    func loss(_ law: PowerLaw) -> Double {
      points.reduce(0) { $0 + $1.weight * pow($1.error - law.error(at: $1.count), 2) }
    }
    let best = laws.map { (law: $0, loss: loss($0)) }.min { $0.loss < $1.loss }
    guard let best else { preconditionFailure("no exponents") }
    self = best.law
  }

  /// The best floor and scale of an exponent, neither of them negative.
  private init(fitting points: [(count: Double, error: Double, weight: Double)], exponent: Double) {
    self.exponent = exponent
    var (weights, x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let power = pow(point.count, -exponent)
      weights += point.weight
      x += point.weight * power
      y += point.weight * point.error
      xx += point.weight * power * power
      xy += point.weight * power * point.error
    }
    let slope = (weights * xy - x * y) / (weights * xx - x * x)
    let constant = (y - slope * x) / weights
    // A sum of squares has its minimum on the edge if it has it beyond.
    if slope < 0 {
      (floor, scale) = (y / weights, 0)
    } else if constant < 0 {
      (floor, scale) = (0, xy / xx)
    } else {
      (floor, scale) = (constant, slope)
    }
  }
}

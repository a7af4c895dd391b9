internal import Foundation

/// A mapping from values to positions along one direction of a canvas.
public struct Scale: Hashable, Sendable {
  /// What equal distances on the canvas stand for.
  public enum Kind: Hashable, Sendable {
    /// Equal differences.
    case linear
    /// Equal ratios.
    case logarithmic

    /// The nearest domain that an axis can show: finite, of some extent, and positive on a
    /// logarithmic scale.
    ///
    /// Ends beyond 10³⁰⁰, or 10¹⁵⁰ on a logarithmic scale, become that.
    func drawable(_ domain: ClosedRange<Double>) -> ClosedRange<Double> {
      // On a logarithmic scale the ratio of the ends must be finite.
      let limit = self == .logarithmic ? 1e150 : 1e300
      var low = min(max(domain.lowerBound, -limit), limit)
      var high = min(max(domain.upperBound, -limit), limit)
      if self == .logarithmic {
        low = min(max(low, 1 / limit), limit / 10)
        return low...max(high, low * (1 + 1e-6))
      }
      let least = max(max(abs(low), abs(high)) * 1e-9, 1 / limit)
      if high - low < least { (low, high) = (low - least, high + least) }
      return low...high
    }
  }

  /// What equal distances stand for.
  public let kind: Kind
  /// The values at the two ends and between.
  public let domain: ClosedRange<Double>
  /// Canvas positions of the domain's lower and upper bound; either may be the greater.
  public let start: Double, end: Double

  /// Creates a scale that maps the ends of `domain` exactly to `start` and `end`.
  ///
  /// - Precondition: The domain has an extent and, on a logarithmic scale, is positive.
  public init(_ kind: Kind, domain: ClosedRange<Double>, from start: Double, to end: Double) {
    precondition(
      domain.lowerBound < domain.upperBound && (kind == .linear || domain.lowerBound > 0),
      "a \(kind) scale cannot cover \(domain)")
    self.kind = kind
    self.domain = domain
    self.start = start
    self.end = end
  }

  /// The canvas position of a value; outside `start...end` for a value outside the domain.
  ///
  /// A logarithmic scale puts zero and negative values nine decades below its lower end, so that
  /// a line toward them leaves the figure downward instead of vanishing.
  public func position(of value: Double) -> Double {
    let (low, high) = (domain.lowerBound, domain.upperBound)
    let fraction =
      switch kind {
      case .linear: (value - low) / (high - low)
      case .logarithmic: log(value > low * 1e-9 ? value / low : 1e-9) / log(high / low)
      }
    guard value.isFinite else { return .nan }
    // Far outside is far enough: positions stay finite.
    let near = min(max(fraction, -1e6), 1e6)
    return start * (1 - near) + end * near
  }
}

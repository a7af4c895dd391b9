internal import Foundation

/// Round numbers along an axis, with their labels.
public struct Ticks: Hashable, Sendable {
  /// In ascending order, all inside the domain.
  public let values: [Double]
  /// One for each value.
  public let labels: [String]

  /// Chooses ticks: multiples of 1, 2 or 5 times a power of ten, or on a logarithmic scale those
  /// values themselves.
  ///
  /// - Parameter limit: The greatest number of ticks, at least 2.
  public init(
    over domain: ClosedRange<Double>, _ kind: Scale.Kind = .linear, format: NumberFormat = .plain,
    limit: Int = 6
  ) {
    let domain = kind.drawable(domain)
    if kind == .logarithmic, let values = Self.logarithmic(over: domain, limit: limit) {
      self.values = values
      labels = format.labels(of: values) { max(0, Int(-floor(log10($0) + 1e-9))) }
    } else {
      let step = Self.step(limit: limit, from: Self.fineStep(domain, limit: limit)) {
        Self.multiples(of: $0, in: domain).count
      }
      let multiples = Self.multiples(of: step, in: domain)
      values = (0..<Int(multiples.count)).map { (multiples.first + Double($0)) * step }
      labels = format.labels(of: values) { _ in max(0, Int(-floor(log10(step) + 1e-9))) }
    }
  }

  /// The smallest domain around `range` whose ends are ticks.
  public static func niceDomain(
    around range: ClosedRange<Double>, limit: Int = 6
  ) -> ClosedRange<Double> {
    let range = Scale.Kind.linear.drawable(range)
    // Not whole numbers by type: a quotient may be larger than those.
    func ends(_ step: Double) -> (low: Double, high: Double) {
      let low = floor(range.lowerBound / step + tolerance)
      return (low, max(low + 1, ceil(range.upperBound / step - tolerance)))
    }
    let step = step(limit: limit, from: fineStep(range, limit: limit)) {
      ends($0).high - ends($0).low + 1
    }
    return Scale.Kind.linear.drawable(ends(step).low * step...ends(step).high * step)
  }

  /// Keeps rounding of a quotient from moving an end by a whole step.
  private static let tolerance = 1e-9

  /// The first multiple of a step that lies in a domain, and how many do.
  private static func multiples(
    of step: Double, in domain: ClosedRange<Double>
  ) -> (first: Double, count: Double) {
    let first = ceil(domain.lowerBound / step - tolerance)
    return (first, max(0, floor(domain.upperBound / step + tolerance) - first + 1))
  }

  /// The smallest step of the form {1, 2, 5} × 10ⁿ that needs at most `limit` ticks.
  ///
  /// `magnitude` is the first power of ten to try, small enough to need too many.
  private static func step(
    limit: Int, from magnitude: Double, count: (Double) -> Double
  ) -> Double {
    var power = magnitude
    while true {
      for factor in [1.0, 2, 5] where count(factor * power) <= Double(limit) {
        return factor * power
      }
      power *= 10
    }
  }

  /// A power of ten that is much too fine a step for a span.
  private static func fineStep(_ range: ClosedRange<Double>, limit: Int) -> Double {
    let span = range.upperBound - range.lowerBound
    return pow(10, floor(log10(span / Double(limit))))
  }

  private static func logarithmic(over domain: ClosedRange<Double>, limit: Int) -> [Double]? {
    let low = domain.lowerBound * (1 - tolerance)
    let high = domain.upperBound * (1 + tolerance)
    let decades = Int(floor(log10(low)))...Int(floor(log10(high)))
    func ticks(_ digits: [Double], every stride: Int) -> [Double] {
      var ticks: [Double] = []
      for decade in decades where decade % stride == 0 {
        ticks += digits.map { $0 * pow(10, Double(decade)) }
      }
      return ticks.filter { $0 >= low && $0 <= high }
    }
    var candidates = [ticks([1, 2, 5], every: 1)]
    candidates += (1...max(1, decades.count)).map { ticks([1], every: $0) }
    // Less than a decade may contain only one such number; linear ticks are better then.
    return candidates.first { $0.count <= limit }.flatMap { $0.count >= 2 ? $0 : nil }
  }
}

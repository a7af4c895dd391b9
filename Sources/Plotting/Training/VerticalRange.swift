internal import Foundation

/// Chooses the range of the vertical axis of a training figure.
struct VerticalRange {
  let domain: ClosedRange<Double>
  let kind: Scale.Kind

  /// For losses and learning rates: from zero unless all are far above it and close together, or
  /// from the least value on a logarithmic axis.
  ///
  /// - Parameters:
  ///   - values: Must be visible unless they exploded; may contain NaN.
  ///   - single: Losses of single steps; the greatest 0.5% may lie above the axis.
  ///   - guessing: The value of a classifier that guesses; always visible if given.
  init(values: [Double], single: [Double], guessing: Double?, logarithmic: Bool) {
    let finite = values.filter(\.isFinite).sorted()
    let usual = Self.quantile(0.995, of: single)
    var top = max(finite.last ?? 0, usual ?? 0)
    // A step that sticks out only a little is better shown than cut off and explained.
    let highest = single.filter(\.isFinite).max() ?? 0
    if highest <= top * Self.tolerance { top = max(top, highest) }
    if let guessing, !logarithmic {
      // Far above guessing, a loss has exploded and its size no longer matters; shown in full, it
      // would flatten everything else.
      let sane = finite.filter { $0 <= Self.nonsense * guessing }
      top = min(top, Self.explosion * max(guessing, Self.quantile(0.5, of: sane) ?? 0))
    }
    top = max(top, (guessing ?? 0) * 1.05)
    if top <= 0 { top = 1 }
    let least = (finite.first { $0 > 0 }).map {
      min($0, Self.quantile(0.005, of: single.filter { $0 > 0 }) ?? $0)
    }
    if logarithmic, let least, least > 0 {
      domain = Self.oneTwoFive(around: min(least, guessing ?? least)...top)
      kind = .logarithmic
    } else if let least, case let least = min(least, guessing ?? least), least > top / 2 {
      domain = Ticks.niceDomain(around: least - 0.1 * (top - least)...top)
      kind = .linear
    } else {
      domain = Ticks.niceDomain(around: 0...top)
      kind = .linear
    }
  }

  /// For accuracies: up to 100%, from just below the least or what guessing reaches.
  init(accuracies: [Double], guessing: Double) {
    let least = min(guessing, accuracies.filter(\.isFinite).min() ?? guessing)
    domain = max(0, floor(least * 10 - 0.2) / 10)...1
    kind = .linear
  }

  /// Single steps up to this many times the usual range stretch the axis.
  private static let tolerance = 1.5

  /// Losses above this many times the loss of guessing are cut off.
  private static let explosion = 4.0

  /// Losses above this many times the loss of guessing do not say where the others are.
  private static let nonsense = 100.0

  private static func quantile(_ fraction: Double, of values: [Double]) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    return sorted[Int((Double(sorted.count - 1) * fraction).rounded())]
  }

  /// The smallest range between two of 1, 2, 5 × 10ⁿ around positive numbers.
  static func oneTwoFive(around range: ClosedRange<Double>) -> ClosedRange<Double> {
    let top = oneTwoFive(range.upperBound, .up)
    let bottom = oneTwoFive(range.lowerBound, .down)
    return (bottom < top ? bottom : oneTwoFive(0.6 * top, .down))...top
  }

  /// The nearest of 1, 2, 5 × 10ⁿ that is not above, or not below, a positive number.
  private static func oneTwoFive(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
    let power = pow(10, floor(log10(value)))
    let digits = [1.0, 2, 5, 10]
    let ratio = value / power
    let tolerance = 1e-9
    return power
      * (rule == .down
        ? digits.last { $0 <= ratio + tolerance } ?? 1
        : digits.first { $0 >= ratio - tolerance } ?? 10)
  }
}

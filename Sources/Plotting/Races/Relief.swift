internal import Foundation

/// How heights are drawn: as they are, or as logarithms if most of the land is low.
struct Relief: Sendable {
  let isLogarithmic: Bool
  private let low: Double, high: Double
  /// Added to heights above the lowest before taking the logarithm.
  private let offset: Double

  init(_ field: HeightField) {
    let sorted = field.values.filter(\.isFinite).sorted()
    low = sorted.first ?? 0
    high = max(sorted.last ?? 1, low + 1e-12)
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    isLogarithmic = (median - low) / (high - low) < 0.12
    offset = (high - low) / 500
  }

  /// 0...1.
  func height(_ value: Double) -> Double {
    let above = min(max(value, low), high) - low
    guard isLogarithmic else { return above / (high - low) }
    return log(1 + above / offset) / log(1 + (high - low) / offset)
  }

  /// The height on the surface that is drawn at a height of 0...1.
  func value(_ height: Double) -> Double {
    guard isLogarithmic else { return low + height * (high - low) }
    return low + offset * (exp(height * log(1 + (high - low) / offset)) - 1)
  }
}

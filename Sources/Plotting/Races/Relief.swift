internal import Foundation

/// How heights are drawn: as they are, or as logarithms if most of the land is low.
package struct Relief: Sendable {
  let isLogarithmic: Bool
  private let low: Double, high: Double
  /// Added to heights above the lowest before taking the logarithm.
  private let offset: Double

  package init(_ field: HeightField) {
    let sorted = field.values.filter(\.isFinite).sorted()
    low = sorted.first ?? 0
    high = max(sorted.last ?? 1, low + max(1e-12, abs(low) * 1e-9))
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    isLogarithmic = (median - low) / (high - low) < 0.12
    offset = (high - low) / 500
  }

  /// 0...1.
  package func height(_ value: Double) -> Double {
    let above = min(max(value, low), high) - low
    guard isLogarithmic else { return above / (high - low) }
    return log(1 + above / offset) / log(1 + (high - low) / offset)
  }

  /// Round heights on the surface, where they are drawn, and their labels.
  ///
  /// - Parameter spacing: The least distance of two of them as they are drawn.
  func ticks(spacing: Double) -> (heights: [Double], labels: [String]) {
    guard isLogarithmic else {
      let ticks = Ticks(over: low...high, limit: max(2, min(6, Int(1 / spacing))))
      return (ticks.values.map(height), ticks.labels)
    }
    var values: [Double] = []
    // Powers of ten on both sides of zero, large ones first: small ones are close together. Then
    // twice and five times as much, where there is room.
    for digit in [1.0, 2, 5] {
      let powers = (-12...300).reversed().map { digit * pow(10, Double($0)) }
      for value in powers + [0] + powers.map({ -$0 }) where value >= low && value <= high {
        let isFree = values.allSatisfy { abs(height($0) - height(value)) >= spacing }
        if isFree { values.append(value) }
      }
    }
    let labels = NumberFormat.plain.labels(of: values) {
      max(0, -Int(floor(log10(abs($0)) + 1e-9)))
    }
    return (values.map(height), labels)
  }
}

/// How many of some counted things have a property.
public struct Proportion: Equatable, Sendable {
  /// How many there are, and how many of them have the property.
  public let count: Int, hits: Int

  public init(hits: Int, of count: Int) {
    self.hits = hits
    self.count = count
  }

  /// The fraction that has the property, 0…1; nil if there is nothing to count.
  public var fraction: Double? { count > 0 ? Double(hits) / Double(count) : nil }

  /// The 95% interval of the fraction; 0...1 if there is nothing to count.
  ///
  /// - Source: Wilson, 1927, "Probable inference, the law of succession, and statistical
  ///   inference".
  public var interval: ClosedRange<Double> {
    guard let p = fraction else { return 0...1 }
    let z = 1.959_963_985
    let n = Double(count)
    let center = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return max(0, (center - spread) / scale)...min(1, (center + spread) / scale)
  }
}

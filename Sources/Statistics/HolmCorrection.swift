/// Several tests at once: the more there are, the likelier one of them is wrong.
public enum HolmCorrection {
  /// The p-values after which all tests together are wrong as seldom as one, in the same order.
  ///
  /// The smallest of n is multiplied by n, the next by n − 1, and so on; none becomes smaller than
  /// one before it.
  ///
  /// - Source: Holm, 1979, "A simple sequentially rejective multiple test procedure".
  public static func adjusted(_ values: [Double]) -> [Double] {
    var (adjusted, least) = (values, 0.0)
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      least = min(1, max(least, Double(values.count - rank) * values[index]))
      adjusted[index] = least
    }
    return adjusted
  }
}

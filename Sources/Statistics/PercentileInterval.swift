extension [Double] {
  /// The value below which a fraction of the values lies, on straight lines between them in order;
  /// nil without values.
  ///
  /// - Source: Hyndman & Fan, 1996, "Sample quantiles in statistical packages", definition 7.
  func quantile(_ fraction: Double) -> Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    let place = fraction * Double(count - 1)
    let low = Int(place)
    let high = Swift.min(low + 1, count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }

  /// The middle 95% of values that were resampled; nil without values.
  ///
  /// - Source: Efron, 1981, "Nonparametric standard errors and confidence intervals": the
  ///   percentile interval.
  var percentileInterval: ClosedRange<Double>? {
    guard let low = quantile(0.025), let high = quantile(0.975) else { return nil }
    return low...Swift.max(low, high)
  }
}

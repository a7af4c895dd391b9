internal import CKernels

// Arrays of rows × channels, with one number per channel beside them.
extension Kernels {
  /// Adds one number per channel to every row.
  public static func add(_ bias: FloatRegion, toRowsOf rows: FloatRegion) {
    check(rows, rows.count / bias.count * bias.count)
    unsafe mrb_add_to_rows(rows.base, bias.base, rows.count / bias.count, bias.count)
  }

  /// Sums every channel over the rows.
  public static func sumRows(_ rows: FloatRegion, into sums: FloatRegion) {
    check(rows, rows.count / sums.count * sums.count)
    unsafe mrb_sum_rows(rows.base, rows.count / sums.count, sums.count, sums.base)
  }

  /// Sums of x − pivot and of (x − pivot)² per channel, as doubles.
  ///
  /// - Parameter sums: 2 × channels doubles, in the room of twice as many floats.
  public static func moments(_ rows: FloatRegion, pivot: FloatRegion, into sums: FloatRegion) {
    let channels = pivot.count
    check(sums, channels * 4)
    unsafe sums.base.withMemoryRebound(to: Double.self, capacity: channels * 2) {
      unsafe mrb_moments(
        rows.base, pivot.base, rows.count / channels, channels, $0, $0 + channels)
    }
  }

  /// Sums of g and of g·(x − mean)·inverseDeviation per channel, as doubles (see `moments`).
  public static func normalizationSums(
    gradient: FloatRegion, _ rows: FloatRegion, mean: FloatRegion, inverseDeviation: FloatRegion,
    into sums: FloatRegion
  ) {
    let channels = mean.count
    check(gradient, rows.count)
    check(inverseDeviation, channels)
    check(sums, channels * 4)
    unsafe sums.base.withMemoryRebound(to: Double.self, capacity: channels * 2) {
      unsafe mrb_normalization_sums(
        gradient.base, rows.base, mean.base, inverseDeviation.base, rows.count / channels, channels,
        $0, $0 + channels)
    }
  }

  /// Adds up partial sums of doubles, in order.
  public static func total(ofDoubles parts: [FloatRegion]) -> [Double] {
    guard let count = parts.first.map({ $0.count / 2 }) else { return [] }
    var totals = [Double](repeating: 0, count: count)
    for part in parts {
      check(part, count * 2)
      unsafe part.base.withMemoryRebound(to: Double.self, capacity: count) {
        for index in 0..<count { totals[index] += unsafe $0[index] }
      }
    }
    return totals
  }

  /// x·scale + shift per channel.
  public static func scaleAndShift(
    _ rows: FloatRegion, scale: FloatRegion, shift: FloatRegion, into output: FloatRegion
  ) {
    check(shift, scale.count)
    check(output, rows.count)
    unsafe mrb_scale_and_shift(
      rows.base, scale.base, shift.base, rows.count / scale.count, scale.count, output.base)
  }

  /// a·gradient + b·rows + c per channel.
  public static func combine(
    gradient: FloatRegion, _ rows: FloatRegion, a: FloatRegion, b: FloatRegion, c: FloatRegion,
    into output: FloatRegion
  ) {
    check(gradient, rows.count)
    check(output, rows.count)
    check(b, a.count)
    check(c, a.count)
    unsafe mrb_combine_channels(
      gradient.base, rows.base, a.base, b.base, c.base, rows.count / a.count, a.count, output.base)
  }
}

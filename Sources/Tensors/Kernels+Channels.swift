internal import CKernels

/// A map of each channel: scale·x + shift, then max(0, …) with a rectifier.
public struct ChannelMap: Sendable {
  let scale: FloatRegion, shift: FloatRegion
  let rectifies: Bool

  /// One value for each channel.
  public init(scale: FloatRegion, shift: FloatRegion, rectifies: Bool) {
    Kernels.check(shift, scale.count)
    (self.scale, self.shift, self.rectifies) = (scale, shift, rectifies)
  }

  var kernel: mrb_channel_map {
    unsafe mrb_channel_map(scale: scale.base, shift: shift.base, rectifies: rectifies ? 1 : 0)
  }
}

// Arrays of rows × channels, with one value per channel beside them.
extension Kernels {
  /// Adds one value per channel to every row.
  public static func add(_ bias: FloatRegion, toRowsOf rows: FloatRegion) {
    check(rows, rows.count / bias.count * bias.count)
    unsafe mrb_add_to_rows(rows.base, bias.base, rows.count / bias.count, bias.count)
  }

  /// Sums every channel over some rows, by default all; in a pooled map, values that belong to no
  /// pixel count as zero.
  public static func sumRows(
    _ map: FeatureMap, rows: Range<Int>? = nil, into sums: FloatRegion
  ) {
    let rows = rows ?? 0..<map.values.count / sums.count
    precondition(
      rows.lowerBound >= 0 && rows.upperBound * sums.count <= map.values.count, "rows \(rows)")
    unsafe mrb_sum_rows(
      map.kernel(from: rows.lowerBound * sums.count), rows.count, sums.count, sums.base)
  }

  /// Sums of x − pivot and of (x − pivot)² per channel: 2 × channels.
  public static func moments(_ rows: FloatRegion, pivot: FloatRegion, into sums: DoubleRegion) {
    let channels = pivot.count
    check(sums, channels * 2)
    unsafe mrb_moments(
      rows.base, pivot.base, rows.count / channels, channels, sums.base, sums.base + channels)
  }

  /// Sums of g and of g·(x − mean)·inverseDeviation per channel, 2 × channels; g is zero where
  /// the map rectified x.
  public static func normalizationSums(
    gradient: FloatRegion, _ rows: FloatRegion, _ map: ChannelMap, mean: FloatRegion,
    inverseDeviation: FloatRegion,
    into sums: DoubleRegion
  ) {
    let channels = mean.count
    check(gradient, rows.count)
    check(inverseDeviation, channels)
    check(sums, channels * 2)
    unsafe mrb_normalization_sums(
      gradient.base, rows.base, map.kernel,
      mrb_statistics(mean: mean.base, inverse_deviation: inverseDeviation.base),
      rows.count / channels, channels, sums.base, sums.base + channels)
  }

  /// Maps every channel.
  public static func scaleAndShift(
    _ rows: FloatRegion, _ map: ChannelMap, into output: FloatRegion
  ) {
    check(output, rows.count)
    unsafe mrb_scale_and_shift(
      rows.base, map.kernel, rows.count / map.scale.count, map.scale.count, output.base)
  }

  /// a·g + b·x + c per channel; g is zero where the map rectified x.
  public static func combine(
    gradient: FloatRegion, _ rows: FloatRegion, _ map: ChannelMap, a: FloatRegion, b: FloatRegion,
    c: FloatRegion, into output: FloatRegion
  ) {
    check(gradient, rows.count)
    check(output, rows.count)
    check(b, a.count)
    check(c, a.count)
    unsafe mrb_combine_channels(
      gradient.base, rows.base, map.kernel,
      mrb_combination(a: a.base, b: b.base, c: c.base), rows.count / a.count, a.count,
      output.base)
  }

  static func check(_ region: DoubleRegion, _ count: Int, _ line: UInt = #line) {
    precondition(
      region.count == count, "a kernel needs \(count) doubles, not \(region.count) (line \(line))")
  }
}

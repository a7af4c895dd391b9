internal import CKernels

/// A range of rows of squares of 2 × 2 pixels, counted through all images of a batch.
public struct SquareRows: Sendable {
  private let shape: Shape
  fileprivate let rows: Range<Int>

  /// Creates a range of rows; `shape` is that of the maps before pooling.
  public init(_ rows: Range<Int>, of shape: Shape) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= Self.count(in: shape), "rows \(rows) of \(shape)")
    (self.shape, self.rows) = (shape, rows)
  }

  /// The number of rows of a whole batch.
  public static func count(in shape: Shape) -> Int { shape.batch * (shape.height / 2) }

  fileprivate var size: mrb_map_size {
    mrb_map_size(height: shape.height, width: shape.width, channels: shape.channels)
  }
  fileprivate var channels: Int { shape.channels }

  fileprivate func check(_ whole: FloatRegion, _ pooled: FloatRegion) {
    Kernels.check(whole, shape.count)
    Kernels.check(pooled, Self.count(in: shape) * (shape.width / 2) * shape.channels)
  }
}

// Arrays of rows × channels that become pooled maps, or whose gradient is that of a pooled map.
extension Kernels {
  /// Maps every channel and keeps the largest of each square.
  ///
  /// - Parameter argMax: Where to write which pixels were the largest.
  public static func scaleAndPool(
    _ pixels: FloatRegion, _ squares: SquareRows, _ map: ChannelMap, into values: FloatRegion,
    argMax: ByteRegion
  ) {
    squares.check(pixels, values)
    check(map.scale, squares.channels)
    precondition(
      argMax.count >= values.count, "\(argMax.count) arg-max indices for \(values.count) values")
    unsafe mrb_scale_and_pool(
      pixels.base, squares.size, mrb_range(squares.rows), map.kernel, values.base, argMax.base)
  }

  /// Sums of g and of g·(x − mean)·inverseDeviation per channel, 2 × channels, over pooled pixels.
  public static func normalizationSums(
    gradient: FeatureMap, _ pixels: FloatRegion, _ squares: SquareRows, mean: FloatRegion,
    inverseDeviation: FloatRegion, into sums: DoubleRegion
  ) {
    let channels = squares.channels
    squares.check(pixels, gradient.values)
    precondition(gradient.argMax != nil, "the gradient of a map that is not pooled")
    check(mean, channels)
    check(inverseDeviation, channels)
    check(sums, channels * 2)
    unsafe mrb_pooled_normalization_sums(
      gradient.kernel, pixels.base, squares.size, mrb_range(squares.rows),
      mrb_statistics(mean: mean.base, inverse_deviation: inverseDeviation.base), sums.base,
      sums.base + channels)
  }

  /// a·g + b·x + c per channel; g is zero where a pixel was not the largest of its square.
  public static func combine(
    gradient: FeatureMap, _ pixels: FloatRegion, _ squares: SquareRows, a: FloatRegion,
    b: FloatRegion, c: FloatRegion, into output: FloatRegion
  ) {
    squares.check(pixels, gradient.values)
    precondition(gradient.argMax != nil, "the gradient of a map that is not pooled")
    check(output, pixels.count)
    for part in [a, b, c] { check(part, squares.channels) }
    unsafe mrb_combine_pooled_channels(
      gradient.kernel, pixels.base, squares.size, mrb_range(squares.rows),
      mrb_combination(a: a.base, b: b.base, c: c.base), output.base)
  }
}

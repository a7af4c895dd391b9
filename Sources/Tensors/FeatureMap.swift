internal import CKernels

/// Feature maps of a batch, whole or pooled, as fast convolutions read them.
///
/// A pooled map has half the height and width. Each of its values was one pixel of a square of
/// 2 × 2, or counts as zero; its arg-max index says which, so that the gradient of the whole map
/// need never be stored.
public struct FeatureMap: Sendable {
  /// Rows × channels.
  public let values: FloatRegion
  /// One byte for each value: 0…3 for a pixel, row by row, 4 for none; nil for a whole map.
  public let argMax: ByteRegion?

  /// Creates a map, pooled if its arg-max indices are given.
  ///
  /// - Precondition: There is an index for each value.
  public init(_ values: FloatRegion, argMax: ByteRegion? = nil) {
    self.values = values
    self.argMax = argMax
    precondition(
      (argMax?.count ?? .max) >= values.count,
      "\(argMax?.count ?? 0) arg-max indices for \(values.count) values")
  }

  /// Whether there is room for `images` images of a whole map's shape.
  func holds(_ images: Int, of shape: Shape) -> Bool {
    values.count >= images * (argMax == nil ? shape.imageCount : shape.pooledImageCount)
  }

  var kernel: mrb_feature_map { unsafe kernel(from: 0) }

  /// The map from its value at `start` on.
  func kernel(from start: Int) -> mrb_feature_map {
    unsafe mrb_feature_map(
      values: values.base + start, arg_max: (argMax?.base).map { unsafe UnsafePointer($0 + start) })
  }
}

/// What a fast convolution does with its sums of products, and where it writes the result.
public struct Epilogue: Sendable {
  /// When only the largest of each square of 2 × 2 pixels is kept.
  public enum Pooling: Hashable, Sendable { case never, beforeScaling, afterScaling }

  /// What all sums of a channel are multiplied by.
  public let scale: FloatRegion?
  /// One value for each channel, added to all of its sums.
  public let bias: FloatRegion?
  /// Whether negative values then become zero.
  private let rectifies: Bool
  let pooling: Pooling
  private let values: FloatRegion
  private let argMax: ByteRegion?

  /// Creates an epilogue.
  ///
  /// - Parameter argMax: Where to write the arg-max indices of a pooling, for a backward pass.
  public init(
    scale: FloatRegion? = nil, bias: FloatRegion?, rectifies: Bool = false,
    pooling: Pooling = .never, into values: FloatRegion, argMax: ByteRegion? = nil
  ) {
    (self.scale, self.bias, self.rectifies, self.pooling) = (scale, bias, rectifies, pooling)
    (self.values, self.argMax) = (values, argMax)
    precondition(
      (argMax?.count ?? .max) >= values.count,
      "\(argMax?.count ?? 0) arg-max indices for \(values.count) values")
  }

  /// Whether there is room for `images` images of a shape before pooling, and a scale and a bias
  /// for each channel.
  func holds(_ images: Int, of shape: Shape) -> Bool {
    [scale, bias].allSatisfy { ($0?.count ?? shape.channels) == shape.channels }
      && values.count >= images * (pooling == .never ? shape.imageCount : shape.pooledImageCount)
  }

  var kernel: mrb_epilogue {
    unsafe mrb_epilogue(
      scale: UnsafePointer(scale?.base), bias: UnsafePointer(bias?.base),
      rectifies: rectifies ? 1 : 0, pools: pooling == .never ? 0 : 1,
      scales_first: pooling == .afterScaling ? 1 : 0, values: values.base, arg_max: argMax?.base)
  }
}

extension Shape {
  /// Values of one image of which each square of 2 × 2 pixels became one.
  fileprivate var pooledImageCount: Int { (height / 2) * (width / 2) * channels }
}

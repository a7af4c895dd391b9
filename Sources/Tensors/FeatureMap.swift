internal import CKernels

/// Feature maps of a batch as fast convolutions read them, or pooled ones.
///
/// A pooled map has half the height and width. Each of its numbers was one pixel of a square of
/// 2 × 2, or is worth nothing; a byte says which, so that the gradient of the whole map need never
/// be stored.
public struct FeatureMap: Sendable {
  /// Rows × channels.
  public let values: FloatRegion
  /// A byte for each value, 0…3 for a pixel, row by row, 4 for none; nil for a whole map.
  ///
  /// Four bytes in each number.
  public let chosen: FloatRegion?

  /// Creates a map, pooled if it is known which pixels were chosen.
  public init(_ values: FloatRegion, chosen: FloatRegion? = nil) {
    self.values = values
    self.chosen = chosen
    precondition(
      (chosen?.count ?? .max) >= Self.choiceCount(values.count),
      "\(values.count) choices in \(chosen?.count ?? 0) floats")
  }

  /// Floats that hold a byte for each of `count` numbers.
  public static func choiceCount(_ count: Int) -> Int { (count + 3) / 4 }

  /// Whether there is room for so many images of a whole map's shape.
  func holds(_ images: Int, of shape: Shape) -> Bool {
    values.count >= images * (chosen == nil ? shape.imageCount : shape.pooledImageCount)
  }

  var kernel: mrb_feature_map { unsafe kernel(from: 0) }

  /// From its `start`th number on.
  func kernel(from start: Int) -> mrb_feature_map {
    unsafe mrb_feature_map(
      values: values.base + start, arg_max: (chosen?.bytes).map { unsafe UnsafePointer($0 + start) }
    )
  }
}

/// What a fast convolution makes of its sums of products, and where that goes.
public struct Epilogue: Sendable {
  /// When the largest of each square of 2 × 2 pixels becomes all that is kept.
  public enum Pooling: Hashable, Sendable { case never, beforeScaling, afterScaling }

  /// What all sums of a channel are multiplied by.
  public let scale: FloatRegion?
  /// One number for each channel, added to all of its sums.
  public let bias: FloatRegion?
  /// Whether negative numbers then become zero.
  private let rectifies: Bool
  let pooling: Pooling
  private let values: FloatRegion
  private let chosen: FloatRegion?

  /// Writes what becomes of each sum.
  ///
  /// - Parameters:
  ///   - chosen: Where to note which pixels were chosen, for a backward pass.
  public init(
    scale: FloatRegion? = nil, bias: FloatRegion?, rectifies: Bool = false,
    pooling: Pooling = .never, into values: FloatRegion, chosen: FloatRegion? = nil
  ) {
    (self.scale, self.bias, self.rectifies, self.pooling) = (scale, bias, rectifies, pooling)
    (self.values, self.chosen) = (values, chosen)
    precondition(
      (chosen?.count ?? .max) >= FeatureMap.choiceCount(values.count),
      "\(values.count) choices in \(chosen?.count ?? 0) floats")
  }

  /// Whether there is room for so many images of a shape before pooling, with scale and bias for
  /// each channel.
  func holds(_ images: Int, of shape: Shape) -> Bool {
    [scale, bias].allSatisfy { ($0?.count ?? shape.channels) == shape.channels }
      && values.count >= images * (pooling == .never ? shape.imageCount : shape.pooledImageCount)
  }

  var kernel: mrb_epilogue {
    unsafe mrb_epilogue(
      scale: UnsafePointer(scale?.base), bias: UnsafePointer(bias?.base),
      rectifies: rectifies ? 1 : 0, pools: pooling == .never ? 0 : 1,
      scales_first: pooling == .afterScaling ? 1 : 0, values: values.base, arg_max: chosen?.bytes)
  }
}

extension Shape {
  /// Numbers of one image of which each square of 2 × 2 pixels became one.
  fileprivate var pooledImageCount: Int { (height / 2) * (width / 2) * channels }
}

extension FloatRegion {
  var bytes: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt8.self)
  }
}

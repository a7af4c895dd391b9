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
      values: values.base + start, chosen: (chosen?.bytes).map { unsafe UnsafePointer($0 + start) })
  }
}

/// What a fast convolution makes of its sums of products, and where that goes.
public struct Epilogue: Sendable {
  /// One number for each channel, added to all of its sums.
  public let bias: FloatRegion?
  let pooling: Pooled?
  let values: FloatRegion

  /// The largest of each square of 2 × 2 pixels is all that is kept.
  public struct Pooled: Sendable {
    let rectifies: Bool
    let chosen: FloatRegion?

    /// - Parameters:
    ///   - rectifies: Whether negative numbers then become zero.
    ///   - chosen: Where to note which pixels were chosen, for a backward pass.
    public init(rectifies: Bool, chosen: FloatRegion?) {
      self.rectifies = rectifies
      self.chosen = chosen
    }
  }

  /// Writes sums of products, plus a number for each channel, or the largest of each square.
  public init(bias: FloatRegion?, pooling: Pooled? = nil, into values: FloatRegion) {
    self.bias = bias
    self.pooling = pooling
    self.values = values
    precondition(
      (pooling?.chosen?.count ?? .max) >= FeatureMap.choiceCount(values.count),
      "\(values.count) choices in \(pooling?.chosen?.count ?? 0) floats")
  }

  /// Whether there is room for so many images of a shape before pooling, with a bias for each channel.
  func holds(_ images: Int, of shape: Shape) -> Bool {
    (bias?.count ?? shape.channels) == shape.channels
      && values.count >= images * (pooling == nil ? shape.imageCount : shape.pooledImageCount)
  }

  var kernel: mrb_epilogue {
    unsafe mrb_epilogue(
      bias: UnsafePointer(bias?.base), pools: pooling == nil ? 0 : 1,
      rectifies: pooling?.rectifies == true ? 1 : 0, values: values.base,
      chosen: pooling?.chosen?.bytes)
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

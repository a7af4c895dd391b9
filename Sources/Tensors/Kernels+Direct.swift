internal import CKernels

/// A convolution of few channels as its kernels want to know it.
public struct DirectGeometry: Sendable {
  /// What slides over one image.
  public let window: Window
  /// Channels that are written.
  public let outputs: Int

  /// Creates a geometry.
  public init(_ window: Window, outputs: Int) {
    self.window = window
    self.outputs = outputs
  }

  private var width: Int { mrb_winograd_panels(outputs) }

  /// Numbers of weights as panels.
  public var weightCount: Int { window.count * width }

  /// Numbers of the gradient of the weights, for one shard.
  public var sumCount: Int { mrb_direct_sum_count(window.kernel, outputs) }

  /// Numbers of scratch memory for some output rows.
  public func scratchCount(rows: Int) -> Int {
    let height = (rows - 1) * window.stride + window.height
    let length = (window.outputWidth - 1) * window.stride + window.width
    return height * length * window.input.channels + 6 + window.outputWidth * width
  }
}

extension Kernels {
  /// Weights, 3 × 3 × inputs × outputs or of another window, as panels of 16 outputs.
  public static func directWeights(
    _ weights: FloatRegion, _ geometry: DirectGeometry, into panels: FloatRegion
  ) {
    check(weights, geometry.window.count * geometry.outputs)
    check(panels, geometry.weightCount)
    unsafe mrb_direct_weights(
      weights.base, geometry.window.count, geometry.outputs, panels.base)
  }

  /// Computes some rows of the output of one image.
  public static func directForward(
    _ image: FloatRegion, _ geometry: DirectGeometry, rows: Range<Int>, panels: FloatRegion,
    bias: FloatRegion?, scratch: FloatRegion, into output: FloatRegion
  ) {
    checkImage(image, output, geometry, rows, scratch)
    check(panels, geometry.weightCount)
    unsafe mrb_direct_forward(
      image.base, geometry.window.kernel, rows.lowerBound, rows.count, panels.base, bias?.base,
      geometry.outputs, scratch.base, output.base)
  }

  /// Adds what some output rows of one image contribute to the gradient of the weights.
  public static func directWeightSums(
    _ image: FloatRegion, gradient: FloatRegion, _ geometry: DirectGeometry, rows: Range<Int>,
    scratch: FloatRegion, into sums: FloatRegion
  ) {
    checkImage(image, gradient, geometry, rows, scratch)
    check(sums, geometry.sumCount)
    unsafe mrb_direct_weight_sums(
      image.base, gradient.base, geometry.window.kernel, rows.lowerBound, rows.count,
      geometry.outputs, scratch.base, sums.base)
  }

  /// The gradient of the weights from the sums of all shards.
  public static func directWeightGradient(
    _ sums: FloatRegion, shardCount: Int, _ geometry: DirectGeometry, into gradient: FloatRegion
  ) {
    check(sums, shardCount * geometry.sumCount)
    check(gradient, geometry.window.count * geometry.outputs)
    unsafe mrb_direct_weight_gradient(
      sums.base, shardCount, geometry.window.kernel, geometry.outputs, gradient.base)
  }

  private static func checkImage(
    _ image: FloatRegion, _ output: FloatRegion, _ geometry: DirectGeometry, _ rows: Range<Int>,
    _ scratch: FloatRegion
  ) {
    check(image, geometry.window.input.count)
    check(output, geometry.window.positionCount * geometry.outputs)
    precondition(
      !rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= geometry.window.outputHeight
        && scratch.count >= geometry.scratchCount(rows: rows.count), "rows \(rows)")
  }
}

internal import CKernels

/// A convolution of 3×3 and stride 1 as Winograd's algorithm wants to know it.
///
/// Outputs are cut into tiles of 4×4, image by image and row by row; those that hang over the edge
/// are computed in part.
public struct WinogradGeometry: Sendable {
  private let kernel: mrb_winograd
  /// Tiles of one image.
  public let tileCount: Int

  /// Creates a geometry.
  ///
  /// - Parameters:
  ///   - input: One image that is read.
  ///   - output: One image that is written, before pooling.
  ///   - top: Zeros above and to the left of the input, at most 2; 1 when it is pooled.
  public init(input: Shape, output: Shape, top: Int, left: Int) {
    precondition((0...2).contains(top) && (0...2).contains(left), "padding \(top), \(left)")
    kernel = mrb_winograd(
      height: input.height, width: input.width, channels: input.channels, top: top, left: left,
      output_height: output.height, output_width: output.width, output_channels: output.channels)
    tileCount = (output.height + 3) / 4 * ((output.width + 3) / 4)
  }

  /// Channels of an image that is read, and of one that is written.
  public var inputs: Int { kernel.channels }
  /// Channels of an image that is written.
  public var outputs: Int { kernel.output_channels }

  /// Panels of transformed weights.
  public static func panelCount(_ channels: Int) -> Int { (channels + 15) / 16 }

  /// Numbers of transformed weights that make `width` channels of `depth`.
  public static func weightCount(depth: Int, width: Int) -> Int {
    mrb_winograd_weight_count(depth, width)
  }

  /// Numbers of the transformed gradient of the weights, for one shard.
  public var sumCount: Int { mrb_winograd_sum_count(inputs, outputs) }

  /// Numbers of scratch memory for some tiles.
  public func scratchCount(tiles: Int) -> Int { mrb_winograd_scratch_count(kernel, tiles) }

  fileprivate func imageCount(_ tiles: Range<Int>) -> Int {
    (tiles.upperBound + tileCount - 1) / tileCount
  }
  fileprivate var input: Shape {
    Shape(height: kernel.height, width: kernel.width, channels: inputs)
  }
  fileprivate var output: Shape {
    Shape(height: kernel.output_height, width: kernel.output_width, channels: outputs)
  }
  /// Whether what it reads may be pooled.
  public var isPaddedByOne: Bool { kernel.top == 1 && kernel.left == 1 }
  fileprivate var raw: mrb_winograd { kernel }
}

// Lavin & Gray, 2015, "Fast algorithms for convolutional neural networks", arXiv:1509.09308.
extension Kernels {
  /// Transforms one panel of 16 channels of weights.
  ///
  /// - Parameters:
  ///   - weights: 3 × 3 × inputs × outputs.
  ///   - isBackward: Whether for the gradient with respect to the input: outputs to inputs.
  public static func winogradWeights(
    _ weights: FloatRegion, inputs: Int, outputs: Int, isBackward: Bool, panel: Int,
    into transformed: FloatRegion
  ) {
    let (depth, width) = isBackward ? (outputs, inputs) : (inputs, outputs)
    check(weights, 9 * inputs * outputs)
    check(transformed, WinogradGeometry.weightCount(depth: depth, width: width))
    precondition(panel >= 0 && panel < WinogradGeometry.panelCount(width), "panel \(panel)")
    unsafe mrb_winograd_weights(
      weights.base, inputs, outputs, isBackward ? 1 : 0, panel, transformed.base)
  }

  /// Computes some tiles of the output.
  public static func winogradForward(
    _ input: FeatureMap, _ geometry: WinogradGeometry, tiles: Range<Int>, weights: FloatRegion,
    scratch: FloatRegion, _ epilogue: Epilogue
  ) {
    precondition(
      tiles.lowerBound >= 0 && input.holds(geometry.imageCount(tiles), of: geometry.input)
        && epilogue.holds(geometry.imageCount(tiles), of: geometry.output)
        && (input.chosen == nil || geometry.isPaddedByOne)
        && scratch.count >= geometry.scratchCount(tiles: tiles.count), "tiles \(tiles)")
    check(weights, WinogradGeometry.weightCount(depth: geometry.inputs, width: geometry.outputs))
    unsafe mrb_winograd_forward(
      input.kernel, geometry.raw, tiles.lowerBound, tiles.count, weights.base, scratch.base,
      epilogue.kernel)
  }

  /// Writes, or adds, what some tiles contribute to the transformed gradient of the weights.
  public static func winogradWeightSums(
    _ input: FloatRegion, gradient: FeatureMap, _ geometry: WinogradGeometry, tiles: Range<Int>,
    adding: Bool, scratch: FloatRegion, into sums: FloatRegion
  ) {
    precondition(
      tiles.lowerBound >= 0
        && input.count >= geometry.imageCount(tiles) * geometry.input.imageCount
        && gradient.holds(geometry.imageCount(tiles), of: geometry.output)
        && scratch.count >= geometry.scratchCount(tiles: tiles.count), "tiles \(tiles)")
    check(sums, geometry.sumCount)
    unsafe mrb_winograd_weight_sums(
      input.base, gradient.kernel, geometry.raw, tiles.lowerBound, tiles.count, adding ? 1 : 0,
      scratch.base, sums.base)
  }

  /// The gradient of the weights of one input channel, from the sums of all shards.
  ///
  /// - Parameter sums: `shardCount` × `geometry.sumCount`.
  public static func winogradWeightGradient(
    _ sums: FloatRegion, shardCount: Int, _ geometry: WinogradGeometry, input: Int,
    into gradient: FloatRegion
  ) {
    check(sums, shardCount * geometry.sumCount)
    check(gradient, 9 * geometry.inputs * geometry.outputs)
    precondition(input >= 0 && input < geometry.inputs, "input channel \(input)")
    unsafe mrb_winograd_weight_gradient(
      sums.base, shardCount, geometry.inputs, geometry.outputs, input, gradient.base)
  }
}

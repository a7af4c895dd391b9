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
  ///   - output: One image that is written.
  ///   - top: Zeros above and to the left of the input, at most 2.
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
  public static func panelCount(_ channels: Int) -> Int { mrb_winograd_panels(channels) / 16 }

  /// Numbers of transformed weights that make `width` channels of `depth`.
  public static func weightCount(depth: Int, width: Int) -> Int {
    36 * depth * mrb_winograd_panels(width)
  }

  /// Numbers of the transformed gradient of the weights, for one shard.
  public var sumCount: Int { mrb_winograd_sum_count(inputs, outputs) }

  /// Numbers of scratch memory for one tile.
  public var scratchPerTile: Int {
    36 * (mrb_winograd_row(inputs) + mrb_winograd_panels(outputs))
  }

  fileprivate func scratchCount(tiles: Int) -> Int { (tiles + 5) / 6 * 6 * scratchPerTile }
  fileprivate func imageCounts(tiles: Range<Int>) -> (input: Int, output: Int) {
    let images = (tiles.upperBound + tileCount - 1) / tileCount
    return (
      images * kernel.height * kernel.width * inputs,
      images * kernel.output_height * kernel.output_width * outputs
    )
  }
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
    _ input: FloatRegion, _ geometry: WinogradGeometry, tiles: Range<Int>, weights: FloatRegion,
    bias: FloatRegion?, scratch: FloatRegion, into output: FloatRegion
  ) {
    let counts = geometry.imageCounts(tiles: tiles)
    precondition(
      input.count >= counts.input && output.count >= counts.output
        && scratch.count >= geometry.scratchCount(tiles: tiles.count)
        && (bias?.count ?? geometry.outputs) == geometry.outputs, "tiles \(tiles)")
    check(weights, WinogradGeometry.weightCount(depth: geometry.inputs, width: geometry.outputs))
    unsafe mrb_winograd_forward(
      input.base, geometry.raw, tiles.lowerBound, tiles.count, weights.base, bias?.base,
      scratch.base, output.base)
  }

  /// Writes, or adds, what some tiles contribute to the transformed gradient of the weights.
  public static func winogradWeightSums(
    _ input: FloatRegion, gradient: FloatRegion, _ geometry: WinogradGeometry, tiles: Range<Int>,
    adding: Bool, scratch: FloatRegion, into sums: FloatRegion
  ) {
    let counts = geometry.imageCounts(tiles: tiles)
    precondition(
      input.count >= counts.input && gradient.count >= counts.output
        && scratch.count >= tiles.count * geometry.scratchPerTile, "tiles \(tiles)")
    check(sums, geometry.sumCount)
    unsafe mrb_winograd_weight_sums(
      input.base, gradient.base, geometry.raw, tiles.lowerBound, tiles.count, adding ? 1 : 0,
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

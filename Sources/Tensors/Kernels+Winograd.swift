internal import CKernels

/// The geometry of a 3×3 convolution of stride 1 for Winograd's algorithm.
///
/// Outputs are cut into 4×4 tiles, image by image and row by row; of tiles that extend beyond the
/// edge, only the part inside is computed.
public struct WinogradGeometry: Sendable {
  private let kernel: mrb_winograd
  /// Tiles of one image.
  public let tileCount: Int

  /// Creates a geometry.
  ///
  /// - Parameters:
  ///   - input: One input image.
  ///   - output: One output image, before pooling.
  ///   - top: Zeros above and to the left of the input, at most 2; 1 when it is pooled.
  ///   - precision: Of transformed tiles and weights.
  public init(
    input: Shape, output: Shape, top: Int, left: Int, precision: Precision = .float32
  ) {
    self.init(
      input: input, output: output, top: top, left: left, precision: precision,
      usesInstructions: true)
  }

  /// - Parameter usesInstructions: Whether kernels use the processor's products of bfloat16.
  package init(
    input: Shape, output: Shape, top: Int, left: Int, precision: Precision, usesInstructions: Bool
  ) {
    precondition((0...2).contains(top) && (0...2).contains(left), "padding \(top), \(left)")
    kernel = mrb_winograd(
      height: input.height, width: input.width, channels: input.channels, top: top, left: left,
      output_height: output.height, output_width: output.width, output_channels: output.channels,
      format: precision.format(usesInstructions: usesInstructions))
    tileCount = (output.height + 3) / 4 * ((output.width + 3) / 4)
  }

  /// Channels of the input.
  public var inputs: Int { kernel.channels }
  /// Channels of the output.
  public var outputs: Int { kernel.output_channels }

  /// Panels of transformed weights.
  public var panels: Range<Int> { 0..<(outputs + Self.panelWidth - 1) / Self.panelWidth }
  /// Outputs of a panel; the last may have fewer.
  public static let panelWidth = 16
  /// The outputs of one panel.
  public func outputs(ofPanel panel: Int) -> Range<Int> {
    panel * Self.panelWidth..<min((panel + 1) * Self.panelWidth, outputs)
  }

  /// Elements of the transformed weights; two of bfloat16 take the place of one.
  public var weightCount: Int { mrb_winograd_weight_count(inputs, outputs, kernel.format) }

  /// Points of a transformed tile, which are multiplied independently.
  public static let pointCount = 36

  /// Elements of the transformed gradient of the weights.
  public var sumCount: Int { mrb_winograd_sum_count(kernel) }

  /// Tiles that are multiplied at once; the last of fewer take as long.
  public static var tilesAtOnce: Int { mrb_rows_at_once() }

  /// Elements of a block of that many transformed tiles of the input, and of the gradient.
  public func blockCounts(tiles: Int) -> (input: Int, gradient: Int) {
    (mrb_winograd_tile_count(kernel, tiles), mrb_winograd_gradient_count(kernel, tiles))
  }

  /// Elements of scratch memory for some tiles.
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
  /// Whether the padding lets the input be a pooled map.
  public var isPaddedByOne: Bool { kernel.top == 1 && kernel.left == 1 }
  fileprivate var raw: mrb_winograd { kernel }
}

// Lavin & Gray, 2015, "Fast algorithms for convolutional neural networks", arXiv:1509.09308.
extension Kernels {
  /// Transforms one panel of 16 channels of weights.
  ///
  /// - Parameters:
  ///   - weights: 3 × 3 × inputs × outputs of the convolution.
  ///   - isBackward: Whether the geometry is that of the gradient with respect to the input.
  public static func winogradWeights(
    _ weights: FloatRegion, _ geometry: WinogradGeometry, isBackward: Bool, panel: Int,
    into transformed: FloatRegion
  ) {
    let (depth, width) = (geometry.inputs, geometry.outputs)
    let (inputs, outputs) = isBackward ? (width, depth) : (depth, width)
    check(weights, 9 * inputs * outputs)
    check(transformed, geometry.weightCount)
    precondition(geometry.panels.contains(panel), "panel \(panel)")
    unsafe mrb_winograd_weights(
      weights.base, inputs, outputs, isBackward ? 1 : 0, panel, geometry.raw.format,
      transformed.base)
  }

  /// Computes some channels, in panels of 16, of some output tiles.
  public static func winogradForward(
    _ input: FeatureMap, _ geometry: WinogradGeometry, tiles: Range<Int>, panels: Range<Int>,
    weights: FloatRegion, scratch: FloatRegion, _ epilogue: Epilogue
  ) {
    precondition(
      geometry.panels.clamped(to: panels) == panels, "panels \(panels)")
    precondition(
      tiles.lowerBound >= 0 && input.holds(geometry.imageCount(tiles), of: geometry.input)
        && epilogue.holds(geometry.imageCount(tiles), of: geometry.output)
        && (input.argMax == nil || geometry.isPaddedByOne)
        && scratch.count >= geometry.scratchCount(tiles: tiles.count), "tiles \(tiles)")
    check(weights, geometry.weightCount)
    unsafe mrb_winograd_forward(
      input.kernel, geometry.raw, mrb_range(tiles), mrb_range(panels), weights.base, scratch.base,
      epilogue.kernel)
  }

  /// Transforms some tiles of an input and of a gradient into a block.
  ///
  /// - Parameter start: The place in the block of the first tile; even if they are bfloat16.
  public static func winogradTransform(
    _ input: FloatRegion, gradient: FeatureMap, tiles: Range<Int>, at start: Int,
    into block: WinogradBlock
  ) {
    let geometry = block.geometry
    precondition(
      tiles.lowerBound >= 0 && start >= 0 && start + tiles.count <= block.tileCount
        && (geometry.raw.format == MRB_FLOAT32 || start % 2 == 0)
        && input.count >= geometry.imageCount(tiles) * geometry.input.imageCount
        && gradient.holds(geometry.imageCount(tiles), of: geometry.output), "tiles \(tiles)")
    unsafe mrb_winograd_transform(
      input.base, gradient.kernel, geometry.raw, mrb_range(tiles), start, block.kernel)
  }

  /// Writes, or adds, the contribution of the first tiles of a block to the transformed gradient of
  /// the weights of some panels of 16 outputs, at one point.
  public static func winogradPointSums(
    _ block: WinogradBlock, point: Int, panels: Range<Int>, tiles: Int, adding: Bool,
    into sums: FloatRegion
  ) {
    check(sums, block.geometry.sumCount)
    precondition(
      (0..<WinogradGeometry.pointCount).contains(point) && tiles > 0 && tiles <= block.tileCount
        && !panels.isEmpty && block.geometry.panels.clamped(to: panels) == panels,
      "point \(point), panels \(panels), \(tiles) tiles")
    unsafe mrb_winograd_point_sums(
      block.kernel, block.geometry.raw, point, mrb_range(panels), tiles, adding ? 1 : 0, sums.base)
  }

  /// Computes the gradient of the weights of one panel of outputs.
  public static func winogradWeightGradient(
    _ sums: FloatRegion, _ geometry: WinogradGeometry, panel: Int, into gradient: FloatRegion
  ) {
    let outputs = geometry.outputs(ofPanel: panel)
    check(gradient, 9 * geometry.inputs * geometry.outputs)
    writeGradient(
      sums, geometry, panel: panel, into: gradient[outputs.lowerBound..<gradient.count],
      stride: geometry.outputs)
  }

  /// Computes the same as a tight array of the outputs of that panel alone.
  package static func winogradPanelGradient(
    _ sums: FloatRegion, _ geometry: WinogradGeometry, panel: Int, into gradient: FloatRegion
  ) {
    let outputs = geometry.outputs(ofPanel: panel)
    check(gradient, 9 * geometry.inputs * outputs.count)
    writeGradient(sums, geometry, panel: panel, into: gradient, stride: outputs.count)
  }

  private static func writeGradient(
    _ sums: FloatRegion, _ geometry: WinogradGeometry, panel: Int, into gradient: FloatRegion,
    stride: Int
  ) {
    check(sums, geometry.sumCount)
    precondition(geometry.panels.contains(panel), "panel \(panel)")
    unsafe mrb_winograd_weight_gradient(sums.base, geometry.raw, panel, gradient.base, stride)
  }
}

/// Transformed tiles of an input and of a gradient, point by point.
public struct WinogradBlock: Sendable {
  fileprivate let geometry: WinogradGeometry
  /// Tiles it has room for.
  public let tileCount: Int
  private let inputs: FloatRegion, gradients: FloatRegion

  /// Creates a block in memory.
  ///
  /// - Precondition: `memory` holds both of the geometry's `blockCounts`.
  public init(_ geometry: WinogradGeometry, tiles: Int, in memory: FloatRegion) {
    self.geometry = geometry
    tileCount = tiles
    let counts = geometry.blockCounts(tiles: tiles)
    inputs = memory[0..<counts.input]
    gradients = memory[counts.input..<counts.input + counts.gradient]
  }

  fileprivate var kernel: mrb_winograd_block {
    unsafe mrb_winograd_block(
      capacity: tileCount, inputs: inputs.base, gradients: gradients.base)
  }
}

extension mrb_range {
  init(_ range: Range<Int>) { self.init(first: range.lowerBound, count: range.count) }
}

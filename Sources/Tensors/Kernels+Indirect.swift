internal import CKernels

/// The geometry of a convolution for the kernels that work without a column matrix.
public struct IndirectGeometry: Sendable {
  /// What slides over one image.
  public let window: Window
  /// Output channels.
  public let outputs: Int
  private let precision: Precision

  /// Creates a geometry.
  ///
  /// - Parameter precision: What products multiply; float32 where the number of channels is odd.
  public init(_ window: Window, outputs: Int, precision: Precision = .float32) {
    self.window = window
    self.outputs = outputs
    self.precision = precision
  }

  fileprivate var format: mrb_format {
    window.input.channels.isMultiple(of: 2) ? precision.format() : MRB_FLOAT32
  }

  /// From the gradient of the output to that of the input: the rotated window, padded on the other
  /// sides.
  ///
  /// Nil where that is not a convolution of stride one.
  public var backward: IndirectGeometry? {
    Window(rotated: window, channels: outputs).map {
      IndirectGeometry($0, outputs: window.input.channels, precision: precision)
    }
  }

  /// One output image, before pooling.
  public var output: Shape { window.output(channels: outputs) }

  /// Elements of the weights as panels.
  public var weightCount: Int { mrb_indirect_weight_count(window.kernel, outputs, format) }

  /// Elements of the sums that become the gradient of the weights.
  public var sumCount: Int { mrb_indirect_sum_count(window.kernel, outputs) }

  /// Elements of scratch memory for some output rows.
  public func scratchCount(rows: Int) -> Int {
    mrb_indirect_scratch_count(window.kernel, rows, outputs, format)
  }
}

// Dukhan, 2019, "The indirect convolution algorithm", arXiv:1907.02129.
extension Kernels {
  /// Arranges weights as panels of 16 output channels.
  ///
  /// - Parameters:
  ///   - weights: Window × inputs × outputs of the layer.
  ///   - isBackward: Whether they are for the gradient with respect to the input; the geometry then
  ///     is the `backward` one.
  public static func indirectWeights(
    _ weights: FloatRegion, _ geometry: IndirectGeometry, isBackward: Bool, into panels: FloatRegion
  ) {
    let window = geometry.window
    let (inputs, outputs) =
      isBackward
      ? (geometry.outputs, window.input.channels) : (window.input.channels, geometry.outputs)
    check(weights, window.count * geometry.outputs)
    check(panels, geometry.weightCount)
    unsafe mrb_indirect_weights(
      weights.base, window.height * window.width, inputs, outputs, isBackward ? 1 : 0,
      geometry.format, panels.base)
  }

  /// Computes some output rows of one image of a batch; pairs of rows where it pools.
  public static func indirectForward(
    _ input: FeatureMap, image: Int, _ geometry: IndirectGeometry, rows: Range<Int>,
    panels: FloatRegion, scratch: FloatRegion, _ epilogue: Epilogue
  ) {
    let window = geometry.window
    checkRows(rows, geometry, scratch)
    check(panels, geometry.weightCount)
    precondition(
      input.holds(image + 1, of: window.input) && epilogue.holds(image + 1, of: geometry.output)
        && (epilogue.pooling == .never || rows.lowerBound % 2 == 0), "image \(image), rows \(rows)")
    unsafe mrb_indirect_forward(
      input.kernel, window.kernel, imageRows(image, rows), panels.base, geometry.outputs,
      geometry.format, scratch.base, epilogue.kernel)
  }

  /// Adds the contribution of some output rows of one image to the gradient of the weights.
  public static func indirectWeightSums(
    _ input: FloatRegion, gradient: FeatureMap, image: Int, _ geometry: IndirectGeometry,
    rows: Range<Int>, scratch: FloatRegion, into sums: FloatRegion
  ) {
    checkRows(rows, geometry, scratch)
    check(sums, geometry.sumCount)
    precondition(
      input.count >= (image + 1) * geometry.window.input.count
        && gradient.holds(image + 1, of: geometry.output), "image \(image)")
    unsafe mrb_indirect_weight_sums(
      input.base, gradient.kernel, geometry.window.kernel, imageRows(image, rows),
      geometry.outputs, geometry.format, scratch.base, sums.base)
  }

  /// Brings sums into the order of the weights.
  public static func indirectWeightGradient(
    _ sums: FloatRegion, _ geometry: IndirectGeometry, into gradient: FloatRegion
  ) {
    check(sums, geometry.sumCount)
    check(gradient, geometry.window.count * geometry.outputs)
    unsafe mrb_indirect_weight_gradient(
      sums.base, geometry.window.kernel, geometry.outputs, gradient.base)
  }

  private static func imageRows(_ image: Int, _ rows: Range<Int>) -> mrb_image_rows {
    mrb_image_rows(image: image, first: rows.lowerBound, count: rows.count)
  }

  private static func checkRows(
    _ rows: Range<Int>, _ geometry: IndirectGeometry, _ scratch: FloatRegion
  ) {
    precondition(
      !rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= geometry.window.outputHeight
        && scratch.count >= geometry.scratchCount(rows: rows.count), "rows \(rows)")
  }
}

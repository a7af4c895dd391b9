internal import CKernels

/// The geometry of a dense layer of bfloat16, whose weights are prepared once.
public struct PairedDense: Sendable {
  /// Inputs and outputs of an image.
  public let inputs: Int, outputs: Int
  fileprivate let format: mrb_format

  /// Creates a geometry.
  public init(inputs: Int, outputs: Int) {
    self.init(inputs: inputs, outputs: outputs, usesInstructions: true)
  }

  /// - Parameter usesInstructions: Whether kernels use the processor's products of bfloat16.
  package init(inputs: Int, outputs: Int, usesInstructions: Bool) {
    (self.inputs, self.outputs) = (inputs, outputs)
    format = Precision.bfloat16.format(usesInstructions: usesInstructions)
  }

  /// Panels of 16 outputs.
  public var panelCount: Int { (outputs + 15) / 16 }

  /// Elements of the weights as panels.
  public var weightCount: Int { mrb_dense_panel_count(inputs, outputs) }

  /// Elements of the rounded inputs of some images.
  public func rowCount(images: Int) -> Int { mrb_dense_row_count(inputs, images) }

  /// Elements of the sums of some panels for some images.
  public func sumCount(images: Int, panels: Int) -> Int { mrb_dense_sum_count(images, panels) }
}

extension Kernels {
  /// Rounds the weights of a panel of 16 outputs; `weights` is outputs × inputs.
  public static func densePanel(
    _ weights: FloatRegion, _ dense: PairedDense, panel: Int, into panels: FloatRegion
  ) {
    check(weights, dense.inputs * dense.outputs)
    check(panels, dense.weightCount)
    precondition((0..<dense.panelCount).contains(panel), "panel \(panel)")
    unsafe mrb_dense_panel(
      weights.base, dense.inputs, dense.outputs, dense.format, panel, panels.base)
  }

  /// Rounds the inputs of some images, images × inputs.
  public static func denseRows(
    _ input: FloatRegion, _ dense: PairedDense, into rows: FloatRegion
  ) {
    let images = input.count / dense.inputs
    precondition(
      input.count == images * dense.inputs && rows.count >= dense.rowCount(images: images),
      "\(input.count) inputs")
    unsafe mrb_dense_rows(input.base, images, dense.inputs, dense.format, rows.base)
  }

  /// Computes the outputs of some panels for the images of `output`, images × outputs.
  public static func dense(
    _ rows: FloatRegion, _ dense: PairedDense, panels: Range<Int>, weights: FloatRegion,
    bias: FloatRegion?, scratch: FloatRegion, into output: FloatRegion
  ) {
    let images = output.count / dense.outputs
    check(weights, dense.weightCount)
    if let bias { check(bias, dense.outputs) }
    precondition(
      output.count == images * dense.outputs && panels.lowerBound >= 0
        && panels.upperBound <= dense.panelCount && rows.count >= dense.rowCount(images: images)
        && scratch.count >= dense.sumCount(images: images, panels: panels.count),
      "panels \(panels) of \(images) images")
    unsafe mrb_dense_products(
      rows.base, images, dense.inputs, dense.format, weights.base, UnsafePointer(bias?.base),
      mrb_range(panels), dense.outputs, scratch.base, output.base)
  }
}

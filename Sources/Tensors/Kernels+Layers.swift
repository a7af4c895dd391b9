internal import CKernels

// Kernels that each serve one kind of layer.
extension Kernels {
  /// Nonlinear functions of one value.
  public enum Activation: Hashable, Sendable {
    /// x above zero, slope·x below.
    case leakyRectifier(slope: Float)
    /// x·Φ(x) with the standard normal distribution function Φ, exact or by a hyperbolic tangent.
    case gelu, geluByTanh
    /// x·σ(x).
    case silu
    /// σ(x) = 1/(1 + e⁻ˣ).
    case sigmoid
    /// The hyperbolic tangent.
    case tanh

    fileprivate var kernel: (kind: mrb_activation, slope: Float) {
      switch self {
      case .leakyRectifier(let slope): (MRB_LEAKY_RELU, slope)
      case .gelu: (MRB_GELU, 0)
      case .geluByTanh: (MRB_GELU_TANH, 0)
      case .silu: (MRB_SILU, 0)
      case .sigmoid: (MRB_SIGMOID, 0)
      case .tanh: (MRB_TANH, 0)
      }
    }
  }

  /// Applies a function to every element.
  public static func activate(
    _ activation: Activation, _ input: FloatRegion, into output: FloatRegion
  ) {
    check(output, input.count)
    let (kind, slope) = activation.kernel
    unsafe mrb_activate(kind, slope, input.base, input.count, output.base)
  }

  /// Multiplies every gradient by the slope of the function at its input.
  public static func activateBackward(
    _ activation: Activation, _ input: FloatRegion, output: FloatRegion, gradient: FloatRegion,
    into inputGradient: FloatRegion
  ) {
    check(output, input.count)
    check(gradient, input.count)
    check(inputGradient, input.count)
    let (kind, slope) = activation.kernel
    unsafe mrb_activate_backward(
      kind, slope, input.base, output.base, gradient.base, input.count, inputGradient.base)
  }

  /// Convolves every channel with its own kernel.
  ///
  /// - Parameter weights: Window row × window column × channel.
  public static func depthwise(
    _ input: FloatRegion, weights: FloatRegion, _ window: Window, into output: FloatRegion
  ) {
    check(input, window.input.count)
    check(weights, window.count)
    check(output, window.positionCount * window.input.channels)
    unsafe mrb_depthwise(input.base, weights.base, window.kernel, output.base)
  }

  /// The gradient of `depthwise` with respect to its input.
  public static func depthwiseInputGradient(
    _ gradient: FloatRegion, weights: FloatRegion, _ window: Window,
    into inputGradient: FloatRegion
  ) {
    check(inputGradient, window.input.count)
    check(weights, window.count)
    check(gradient, window.positionCount * window.input.channels)
    unsafe mrb_depthwise_input_gradient(
      gradient.base, weights.base, window.kernel, inputGradient.base)
  }

  /// Adds the gradient of `depthwise` with respect to its weights.
  public static func depthwiseWeightGradient(
    _ input: FloatRegion, gradient: FloatRegion, _ window: Window,
    adding weightGradient: FloatRegion
  ) {
    check(input, window.input.count)
    check(weightGradient, window.count)
    check(gradient, window.positionCount * window.input.channels)
    unsafe mrb_depthwise_weight_gradient(
      input.base, gradient.base, window.kernel, weightGradient.base)
  }

  /// Copies some columns of a rows × stride array into a tight array.
  public static func copyColumns(
    _ columns: Range<Int>, of source: FloatRegion, stride: Int, into target: FloatRegion
  ) {
    let rows = target.count / columns.count
    check(source, rows * stride)
    check(target, rows * columns.count)
    unsafe mrb_copy_columns(
      source.base + columns.lowerBound, stride, rows, columns.count, target.base, columns.count)
  }

  /// Copies a tight array into some columns of a rows × stride array.
  public static func copy(
    _ source: FloatRegion, intoColumns columns: Range<Int>, of target: FloatRegion, stride: Int
  ) {
    let rows = source.count / columns.count
    check(target, rows * stride)
    check(source, rows * columns.count)
    unsafe mrb_copy_columns(
      source.base, columns.count, rows, columns.count, target.base + columns.lowerBound, stride)
  }

  /// Computes some outputs of a dense layer for a few images, reading the weights once.
  ///
  /// - Parameters:
  ///   - input: images × inputs.
  ///   - weights: All outputs × inputs.
  ///   - output: images × all outputs.
  public static func dense(
    _ input: FloatRegion, images: Int, weights: FloatRegion, bias: FloatRegion?,
    outputs: Range<Int>, into output: FloatRegion
  ) {
    precondition(
      images > 0 && input.count.isMultiple(of: images) && output.count.isMultiple(of: images),
      "\(input.count) inputs and \(output.count) outputs of \(images) images")
    let (inputCount, outputCount) = (input.count / images, output.count / images)
    check(weights, inputCount * outputCount)
    precondition(
      outputs.lowerBound >= 0 && outputs.upperBound <= outputCount, "outputs \(outputs)")
    if let bias { check(bias, outputCount) }
    unsafe mrb_dense(
      input.base, images, inputCount, weights.base, UnsafePointer(bias?.base), mrb_range(outputs),
      outputCount, output.base)
  }
}

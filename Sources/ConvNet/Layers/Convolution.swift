public import Tensors

/// A convolution.
///
/// output[y, x, o] = bias[o] + Σ input[y·stride + r − top, x·stride + q − left, i] ·
/// weight[o, i, r, q], as PyTorch's `Conv2d` (a cross-correlation).
public struct Convolution: Layer {
  /// Channels of the output.
  public let outputChannels: Int
  /// Rows and columns of the kernel, pixels.
  public let kernelHeight: Int, kernelWidth: Int
  /// Step between two positions, pixels.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding
  /// Whether one number per output channel is added.
  public let usesBias: Bool
  /// How fresh weights are drawn.
  public let initialization: Initialization
  /// How it is computed; results differ by rounding alone.
  var algorithm = ConvolutionAlgorithm.automatic

  /// Creates a convolution; a kernel without a width is square.
  public init(
    outputChannels: Int, kernelHeight: Int = 3, kernelWidth: Int? = nil, stride: Int = 1,
    padding: Padding = .same, usesBias: Bool = true, initialization: Initialization = .he
  ) {
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth ?? kernelHeight
    self.stride = stride
    self.padding = padding
    self.usesBias = usesBias
    self.initialization = initialization
  }

  public var token: String {
    "conv \(outputChannels) \(kernelHeight)x\(kernelWidth)"
      + convolutionOptions(
        stride: stride, padding: padding, usesBias: usesBias, initialization: initialization)
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else {
      throw .doesNotFit(layer: token, input: input)
    }
    return window.output(channels: outputChannels)
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    let weight = ParameterSlot(
      name: "weight", shape: [outputChannels, input.channels, kernelHeight, kernelWidth],
      order: .convolution)
    return [weight] + (usesBias ? [ParameterSlot(name: "bias", shape: [outputChannels])] : [])
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    initialization.values(of: slot, using: &generator)
  }

  public func multiplyAdds(for input: Shape) -> Int {
    window(over: input).map { $0.positionCount * $0.count * outputChannels } ?? 0
  }

  public func planned(
    on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
  ) -> any Layer {
    computed(by: convolution)
  }

  func computed(by algorithm: ConvolutionAlgorithm) -> Convolution {
    var copy = self
    copy.algorithm = algorithm
    return copy
  }

  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    guard let path = path(on: input.batch(batch)) else { return 0 }
    let columns = path.hasInputGradient ? nil : self.path(on: input.batch(batch), by: .im2col)
    return max(
      path.scratchCount(workers: workers), columns?.scratchCount(workers: workers) ?? 0,
      BiasGradient.scratchCount(channels: outputChannels))
  }

  public func forward(_ pass: ForwardPass) {
    path(on: pass.inputShape)?.forward(
      pass, Epilogue(bias: usesBias ? pass.parameters[1] : nil, into: pass.output))
  }

  public func backward(_ pass: BackwardPass) {
    backward(pass, FeatureMap(pass.outputGradient))
  }

  /// The same for the gradient of a pooled map.
  func backward(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let forward = pass.forward
    guard let path = path(on: forward.inputShape) else { return }
    let isComplete = pass.inputGradient == nil || path.hasInputGradient
    (isComplete ? path : self.path(on: forward.inputShape, by: .im2col))?.backward(pass, gradient)
    guard usesBias else { return }
    BiasGradient.sum(
      gradient, workers: forward.workers, scratch: forward.scratch,
      into: pass.parameterGradients[1])
  }

  /// How batches of this shape are computed.
  func path(on input: Shape, by algorithm: ConvolutionAlgorithm? = nil) -> ConvolutionPath? {
    window(over: input).map {
      ConvolutionPath(
        $0, outputChannels: outputChannels, batch: input.batch,
        algorithm: algorithm ?? self.algorithm)
    }
  }

  private func window(over input: Shape) -> Window? {
    Window(
      over: input, height: kernelHeight, width: kernelWidth, stride: stride, padding: padding)
  }
}

public import Tensors

/// A convolution of every channel with a kernel of its own, as PyTorch's `Conv2d` with as many groups
/// as channels.
///
/// There is nothing to sum over channels, so no matrix product: loops run over channels instead.
///
/// - Source: Sifre, 2014; Howard et al., 2017, arXiv:1704.04861.
public struct DepthwiseConvolution: Layer {
  /// Rows and columns of the kernels, pixels.
  public let kernelHeight: Int, kernelWidth: Int
  /// Step between two positions, pixels.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding
  /// Whether one number per channel is added.
  public let usesBias: Bool
  /// How fresh weights are drawn.
  public let initialization: Initialization

  /// Parts of a batch that add up weight gradients on their own, whatever the number of workers.
  private static let shardCount = 8

  /// Creates the layer.
  public init(
    kernelHeight: Int = 3, kernelWidth: Int? = nil, stride: Int = 1, padding: Padding = .same,
    usesBias: Bool = true, initialization: Initialization = .he
  ) {
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth ?? kernelHeight
    self.stride = stride
    self.padding = padding
    self.usesBias = usesBias
    self.initialization = initialization
  }

  public var token: String {
    "depthwise \(kernelHeight)x\(kernelWidth)"
      + convolutionOptions(
        stride: stride, padding: padding, usesBias: usesBias, initialization: initialization)
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else {
      throw .doesNotFit(layer: token, input: input)
    }
    return window.output(channels: input.channels)
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    let weight = ParameterSlot(
      name: "weight", shape: [input.channels, 1, kernelHeight, kernelWidth], order: .convolution)
    return [weight] + (usesBias ? [ParameterSlot(name: "bias", shape: [input.channels])] : [])
  }

  public func multiplyAdds(for input: Shape) -> Int {
    window(over: input).map { $0.positionCount * $0.count } ?? 0
  }

  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    Self.shardCount * kernelHeight * kernelWidth * input.channels
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    // Channel by channel, so that `dirac` passes each on.
    let part = ParameterSlot(name: slot.name, shape: [1] + slot.shape.dropFirst())
    return (0..<slot.shape[0]).flatMap { _ in
      slot.shape.count > 1 ? initialization.values(of: part, using: &generator) : [0]
    }
  }

  public func forward(_ pass: ForwardPass) {
    guard let window = window(over: pass.inputShape) else { return }
    pass.forEachImage { input, output in
      Kernels.depthwise(input, weights: pass.parameters[0], window, into: output)
      if usesBias { Kernels.add(pass.parameters[1], toRowsOf: output) }
    }
  }

  public func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    guard let window = window(over: forward.inputShape) else { return }
    let parts = Shards(of: forward.inputShape.batch, atMost: Self.shardCount)
    forward.workers.run(parts.count) { shard in
      let sum = forward.scratch[shard * window.count..<(shard + 1) * window.count]
      sum.fill(0)
      for image in parts[shard] {
        let gradient = forward.image(image, of: pass.outputGradient, forward.outputShape)
        Kernels.depthwiseWeightGradient(
          forward.image(image, of: forward.input, forward.inputShape), gradient: gradient, window,
          adding: sum)
        guard let inputGradient = pass.inputGradient else { continue }
        Kernels.depthwiseInputGradient(
          gradient, weights: forward.parameters[0], window,
          into: forward.image(image, of: inputGradient, forward.inputShape))
      }
    }
    pass.parameterGradients[0].fill(0)
    for shard in parts.indices {
      Kernels.add(
        forward.scratch[shard * window.count..<(shard + 1) * window.count],
        to: pass.parameterGradients[0])
    }
    if usesBias {
      Kernels.sumRows(FeatureMap(pass.outputGradient), into: pass.parameterGradients[1])
    }
  }

  private func window(over input: Shape) -> Window? {
    Window(
      over: input, height: kernelHeight, width: kernelWidth, stride: stride, padding: padding)
  }
}

/// The options that all convolutions share, as written in an architecture.
func convolutionOptions(
  stride: Int, padding: Padding, usesBias: Bool, initialization: Initialization
) -> String {
  (stride == 1 ? "" : " stride \(stride)") + (padding == .same ? "" : " padding \(padding)")
    + (usesBias ? "" : " no-bias")
    + (initialization == .he ? "" : " initial \(initialization.rawValue)")
}

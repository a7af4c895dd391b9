public import Tensors

/// A convolution of every channel with its own kernel, like PyTorch's `Conv2d` with as many groups
/// as channels.
///
/// Nothing is summed over channels, so there is no matrix product: loops run over channels instead.
///
/// - Source: Sifre, 2014; Howard et al., 2017, arXiv:1704.04861.
public struct DepthwiseConvolution: Layer {
  /// Rows and columns of the kernels, pixels.
  public let kernelHeight: Int, kernelWidth: Int
  /// Step between two positions, pixels.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding
  /// Whether a bias is added to each channel.
  public let usesBias: Bool
  /// How initial weights are drawn.
  public let initialization: Initialization

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

  public var text: String {
    LayerEntry.depthwise.text([
      "size": .size(height: kernelHeight, width: kernelWidth), "stride": .count(stride),
      "padding": .padding(padding), "no-bias": .flag(!usesBias),
      "initial": .word(initialization.rawValue),
    ])
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else {
      throw .doesNotFit(layer: text, input: input)
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

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    // Channel by channel, so that `dirac` passes each one unchanged.
    let part = ParameterSlot(name: slot.name, shape: [1] + slot.shape.dropFirst())
    return (0..<slot.shape[0]).flatMap { _ in
      slot.shape.count > 1 ? initialization.values(of: part, using: &generator) : [0]
    }
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    guard let window = window(over: context.input) else {
      preconditionFailure("'\(text)' does not fit on \(context.input)")
    }
    return DepthwiseOperation(window, usesBias: usesBias, sharesBatch: context.sharesBatch)
  }

  private func window(over input: Shape) -> Window? {
    Window(
      over: input, height: kernelHeight, width: kernelWidth, stride: stride, padding: padding)
  }
}

private struct DepthwiseOperation: TrainingOperation {
  private let window: Window
  private let bias: BiasGradient?
  /// A gradient of the weights for each shard.
  private let weightSums: ShardSums
  let scratch: WorkspaceLayout
  let description = "depthwise"
  let dividesBatch = true
  let backwardReads = BackwardReads.input

  init(_ window: Window, usesBias: Bool, sharesBatch: Bool) {
    self.window = window
    var scratch = WorkspaceLayout()
    weightSums = ShardSums(
      of: window.count, atMost: BatchShards.limit, sharesBatch: sharesBatch, in: &scratch)
    bias =
      usesBias
      ? BiasGradient(channels: window.input.channels, sharesBatch: sharesBatch, in: &scratch) : nil
    self.scratch = scratch
  }

  func forward(_ pass: ForwardPass) {
    pass.forEachImage { input, output in
      Kernels.depthwise(input, weights: pass.parameters[0], window, into: output)
      if bias != nil { Kernels.add(pass.parameters[1], toRowsOf: output) }
    }
  }

  func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    let shards = forward.batch.byImage
    let sums = weightSums.of(shards, forward)
    shards.forEach(forward.workers) { shard, images, _ in
      let sum = sums[shard]
      sum.fill(0)
      for image in images {
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
    sums.add(into: pass.parameterGradients[0], forward.workers)
    bias?.run(FeatureMap(pass.outputGradient), forward, into: pass.parameterGradients[1])
  }
}

extension LayerEntry {
  static let depthwise = LayerEntry(
    "depthwise", "a convolution with one kernel for each channel",
    parameters: [.kernelSize] + LayerParameter.convolutionOptions([.he, .glorot, .dirac]),
    learns: true, counterpart: "Conv2d(groups=channels)"
  ) { values in
    let size = values.size("size")
    return DepthwiseConvolution(
      kernelHeight: size.height, kernelWidth: size.width, stride: values.count("stride") ?? 1,
      padding: values.padding("padding"), usesBias: !values.flag("no-bias"),
      initialization: values.initialization)
  }
}

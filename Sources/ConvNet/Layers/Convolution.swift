public import Tensors

/// A convolution.
///
/// output[y, x, o] = bias[o] + Σ input[y·stride + r − top, x·stride + q − left, i] ·
/// weight[o, i, r, q], like PyTorch's `Conv2d` (a cross-correlation).
public struct Convolution: Layer {
  /// Channels of the output.
  public let outputChannels: Int
  /// Rows and columns of the kernel, pixels.
  public let kernelHeight: Int, kernelWidth: Int
  /// Step between two positions, pixels.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding
  /// Whether a bias is added to each output channel.
  public let usesBias: Bool
  /// How initial weights are drawn.
  public let initialization: Initialization

  /// Creates a convolution; a kernel without a width is square.
  public init(
    _ outputChannels: Int, kernelHeight: Int = 3, kernelWidth: Int? = nil, stride: Int = 1,
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

  public var text: String { text(groups: 1) }

  /// The text with a number of groups, each of which is this convolution.
  func text(groups: Int) -> String {
    LayerEntry.convolution.text([
      "channels": .count(groups * outputChannels),
      "size": .size(height: kernelHeight, width: kernelWidth), "groups": .count(groups),
      "stride": .count(stride), "padding": .padding(padding), "no-bias": .flag(!usesBias),
      "initial": .word(initialization.rawValue),
    ])
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else {
      throw .doesNotFit(layer: text, input: input)
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

  public func compile(_ context: CompileContext) -> any ForwardOperation {
    InferenceConvolution(plan(context))
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    ConvolutionOperation(plan(context))
  }

  /// Decides how it is computed.
  ///
  /// - Precondition: The kernel fits the input.
  func plan(_ context: CompileContext) -> ConvolutionPlan {
    guard let window = window(over: context.input) else {
      preconditionFailure("'\(text)' does not fit on \(context.input)")
    }
    let method = ConvolutionMethod(
      window, outputChannels: outputChannels, algorithm: context.convolution)
    return ConvolutionPlan(
      window: window, outputChannels: outputChannels, usesBias: usesBias, method: method,
      precision: method.precision(context.precision, window, outputChannels: outputChannels),
      batch: context.input.batch, workerCount: context.workerCount,
      sharesBatch: context.sharesBatch)
  }

  func window(over input: Shape) -> Window? {
    Window(
      over: input, height: kernelHeight, width: kernelWidth, stride: stride, padding: padding)
  }
}

extension LayerParameter {
  /// The options of all convolutions.
  static func convolutionOptions(_ initializations: [Initialization]) -> [LayerParameter] {
    [
      .named("stride", .count(1...64), default: .count(1), "step between two positions, pixels"),
      .named("padding", .padding, default: .padding(.same), "zeros around the image"),
      .flag("no-bias", "adds no value per channel"), .initial(initializations),
    ]
  }

  /// How initial weights are drawn.
  static func initial(_ initializations: [Initialization]) -> LayerParameter {
    .named(
      "initial", .word(initializations.map(\.rawValue)), default: .word(Initialization.he.rawValue),
      "how fresh weights are drawn")
  }

  /// Rows and columns of a kernel.
  static let kernelSize = LayerParameter.first(
    "size", .size, default: .size(height: 3, width: 3), "rows and columns of the kernel",
    isAlwaysWritten: true)
}

extension LayerValues {
  /// How initial weights are drawn.
  var initialization: Initialization { Initialization(rawValue: word("initial")) ?? .he }
}

extension LayerEntry {
  static let convolution = LayerEntry(
    "conv", "a convolution",
    parameters: [
      .first("channels", .count(1...65536), "channels of the output"), .kernelSize,
      .named("groups", .count(1...65536), default: .count(1), "groups that do not see each other"),
    ] + LayerParameter.convolutionOptions(Initialization.allCases), learns: true,
    counterpart: "Conv2d"
  ) { (values) throws(LayerValueError) in
    let (channels, groups) = (values.count("channels") ?? 1, values.count("groups") ?? 1)
    guard channels.isMultiple(of: groups) else {
      throw LayerValueError("groups", expected: "a divisor of the \(channels) output channels")
    }
    let size = values.size("size")
    let inner = Convolution(
      channels / groups, kernelHeight: size.height, kernelWidth: size.width,
      stride: values.count("stride") ?? 1, padding: values.padding("padding"),
      usesBias: !values.flag("no-bias"), initialization: values.initialization)
    return groups == 1 ? inner : GroupedConvolution(groups: groups, inner: inner)
  }
}

public import Tensors

/// x above zero, slope · x below, with a learned slope for each channel.
///
/// As PyTorch's `PReLU` with as many parameters as channels. The slopes decay like other
/// parameters of one value per channel: only where the optimizer is told to decay all.
///
/// - Source: He et al., 2015, "Delving deep into rectifiers", arXiv:1502.01852.
public struct ParametricRectifier: Layer {
  /// Every slope at the beginning.
  public let initialSlope: Float

  /// Creates the layer.
  public init(initialSlope: Float = 0.25) { self.initialSlope = initialSlope }

  public var text: String {
    LayerEntry.parametricRectifier.text(["slope": .number(initialSlope)])
  }

  public func outputShape(for input: Shape) -> Shape { input }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    [ParameterSlot(name: "weight", shape: [input.channels])]
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    [Float](repeating: initialSlope, count: slot.count)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    ParametricRectifierOperation(self, context)
  }
}

private struct ParametricRectifierOperation: TrainingOperation {
  /// The sums of each image for the gradients of the slopes, added up in fixed order.
  private let sums: WorkspacePiece<Float>
  let scratch: WorkspaceLayout
  let description: String
  let dividesBatch = true
  let backwardReads = BackwardReads.input

  init(_ layer: ParametricRectifier, _ context: CompileContext) {
    var scratch = WorkspaceLayout()
    sums = scratch.reserve(context.input.batch * context.input.channels)
    self.scratch = scratch
    description = layer.text
  }

  func forward(_ pass: ForwardPass) {
    let slopes = pass.parameters[0]
    pass.forEachImage { input, output in
      for row in stride(from: 0, to: input.count, by: slopes.count) {
        for channel in 0..<slopes.count {
          let x = input[row + channel]
          output[row + channel] = x > 0 ? x : slopes[channel] * x
        }
      }
    }
  }

  func backward(_ pass: BackwardPass) {
    let (forward, slopeGradients) = (pass.forward, pass.parameterGradients[0])
    let (slopes, channels) = (forward.parameters[0], forward.inputShape.channels)
    let batch = forward.batch
    let sums = forward.scratch[sums][0..<batch.imageCount * channels]
    let ownSums = batch.images(of: sums, each: channels)
    forward.workers.run(forward.inputShape.batch) { index in
      let input = forward.image(index, of: forward.input, forward.inputShape)
      let gradient = forward.image(index, of: pass.outputGradient, forward.outputShape)
      let own = ownSums[index * channels..<(index + 1) * channels]
      own.fill(0)
      for row in stride(from: 0, to: input.count, by: channels) {
        for channel in 0..<channels where !(input[row + channel] > 0) {
          own[channel] += input[row + channel] * gradient[row + channel]
        }
      }
    }
    batch.gather(imagesOf: sums, each: channels)
    slopeGradients.fill(0)
    for index in 0..<batch.imageCount {
      Kernels.add(sums[index * channels..<(index + 1) * channels], to: slopeGradients)
    }
    pass.forEachImage { input, _, outputGradient, inputGradient in
      for row in stride(from: 0, to: input.count, by: channels) {
        for channel in 0..<channels {
          let gradient = outputGradient[row + channel]
          inputGradient[row + channel] =
            input[row + channel] > 0 ? gradient : slopes[channel] * gradient
        }
      }
    }
  }
}

extension LayerEntry {
  static let parametricRectifier = LayerEntry(
    "prelu", "x above zero, a learned slope · x below, one for each channel",
    parameters: [
      .first(
        "slope", .number(NumberRange(from: -1, to: 1)), default: .number(0.25),
        "every slope at the beginning")
    ], learns: true, counterpart: "PReLU(channels)"
  ) { values in ParametricRectifier(initialSlope: values.number("slope")) }
}

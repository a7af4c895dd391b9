internal import Tensors

/// A convolution and the batch normalization, rectifier and pooling after it, in inference.
///
/// Running statistics do not depend on the batch, so that a normalization is a scale and an offset
/// for each channel of the sums while they are in registers.
struct NormalizedConvolution: Layer {
  private let convolution: Convolution
  private let normalization: BatchNormalization
  private let rectifies: Bool
  private let pooling: Epilogue.Pooling

  /// Nil where the convolution is computed in a way that stores its sums as they are.
  init?(
    _ convolution: Convolution, _ normalization: BatchNormalization, rectifies: Bool,
    pooling: Epilogue.Pooling, on input: Shape
  ) {
    guard let path = convolution.path(on: input.batch(1)), path.canScale,
      pooling == .never || path.canPool
    else { return nil }
    self.convolution = convolution
    self.normalization = normalization
    self.rectifies = rectifies
    self.pooling = pooling
  }

  var token: String {
    convolution.token + (pooling == .beforeScaling ? ", pool 2, " : ", ") + normalization.token
      + (rectifies ? ", relu" : "") + (pooling == .afterScaling ? ", pool 2" : "")
  }

  func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    let whole = try convolution.outputShape(for: input)
    guard pooling != .never else { return whole }
    return Shape(height: whole.height / 2, width: whole.width / 2, channels: whole.channels)
  }

  func parameters(for input: Shape) -> [ParameterSlot] {
    convolution.parameters(for: input) + normalization.parameters(for: normalized)
  }

  func statistics(for input: Shape) -> [ParameterSlot] { normalization.statistics(for: normalized) }

  /// A scale and an offset for each channel besides what the convolution needs.
  func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    2 * padded(channels) + convolution.scratchCount(for: input, batch: batch, workers: workers)
  }

  /// - Precondition: The phase is inference.
  func forward(_ pass: ForwardPass) {
    precondition(pass.phase == .inference, "'\(token)' was planned for inference")
    let scale = pass.scratch[0..<channels]
    let offset = pass.scratch[padded(channels)..<padded(channels) + channels]
    let (weight, bias) = (pass.parameters.count - 2, pass.parameters.count - 1)
    for channel in 0..<channels {
      scale[channel] =
        pass.parameters[weight][channel]
        / (pass.statistics[1][channel] + normalization.epsilon).squareRoot()
      let mean = pass.statistics[0][channel]
      let constant = convolution.usesBias ? pass.parameters[1][channel] : 0
      offset[channel] = pass.parameters[bias][channel] + (constant - mean) * scale[channel]
    }
    let rest = ForwardPass(
      inputShape: pass.inputShape, outputShape: pass.outputShape, input: pass.input,
      output: pass.output, parameters: pass.parameters, statistics: [], kept: pass.kept,
      scratch: pass.scratch[2 * padded(channels)..<pass.scratch.count], phase: pass.phase,
      workers: pass.workers)
    convolution.path(on: pass.inputShape)?.forward(
      rest,
      Epilogue(
        scale: scale, bias: offset, rectifies: rectifies, pooling: pooling, into: pass.output))
  }

  func backward(_ pass: BackwardPass) {
    preconditionFailure("'\(token)' was planned for inference")
  }

  private var channels: Int { convolution.outputChannels }
  private var normalized: Shape { Shape(height: 1, width: 1, channels: channels) }
}

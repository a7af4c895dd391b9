public import Tensors

/// A layer whose numbers stay as they are: no gradients, no updates, no weight decay.
///
/// Its arrays are counted among the statistics, which no optimizer sees. The layer always runs as in
/// inference: batch normalization uses its running statistics and leaves them alone, dropout passes
/// everything.
public struct Frozen: Layer {
  /// The layer as it would be.
  public let layer: any Layer

  /// Freezes a layer.
  public init(_ layer: any Layer) { self.layer = layer }

  public var token: String { "\(layer.token) frozen" }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    try layer.outputShape(for: input)
  }

  public func statistics(for input: Shape) -> [ParameterSlot] {
    layer.parameters(for: input) + layer.statistics(for: input)
  }

  public func keptCount(for input: Shape) -> Int { layer.keptCount(for: input) }

  public func planned(
    on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
  ) -> any Layer {
    Frozen(layer.planned(on: input, convolution: convolution, trains: trains))
  }

  public func multiplyAdds(for input: Shape) -> Int { layer.multiplyAdds(for: input) }

  /// Besides what the layer needs: room for gradients nobody reads.
  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    padded(layer.scratchCount(for: input, batch: batch, workers: workers))
      + layer.parameters(for: input).reduce(0) { $0 + padded($1.count) }
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    layer.initialValue(of: slot, using: &generator)
  }

  public func forward(_ pass: ForwardPass) { layer.forward(thawed(pass)) }

  public func backward(_ pass: BackwardPass) {
    guard pass.inputGradient != nil else { return }
    let forward = thawed(pass.forward)
    var start = forward.scratch.count
    let unread = forward.parameters.map { parameter in
      defer { start += padded(parameter.count) }
      return pass.forward.scratch[start..<start + parameter.count]
    }
    layer.backward(
      layer.lending(
        BackwardPass(
          forward: forward, outputGradient: pass.outputGradient,
          inputGradient: pass.inputGradient, parameterGradients: unread)))
  }

  /// What the layer would be lent.
  private func thawed(_ pass: ForwardPass) -> ForwardPass {
    let count = layer.parameters(for: pass.inputShape).count
    let unread = pass.statistics.prefix(count).reduce(0) { $0 + padded($1.count) }
    // The outer scratch may have been reserved for a larger layer.
    let own = (pass.scratch.count - unread) / 16 * 16
    return layer.lending(
      ForwardPass(
        inputShape: pass.inputShape, outputShape: pass.outputShape, input: pass.input,
        output: pass.output, parameters: Array(pass.statistics.prefix(count)),
        statistics: Array(pass.statistics.dropFirst(count)), kept: pass.kept,
        scratch: pass.scratch[0..<own], phase: .inference, workers: pass.workers))
  }
}

package import Tensors

/// One layer by itself with memory of its own: for checks of its two passes.
package struct LayerTrial {
  package let layer: any Layer
  /// With the batch.
  package let input: Shape, output: Shape
  /// Parameters and then statistics, as the layer names them.
  package let slots: [ParameterSlot]
  private let parameterCount: Int
  private let forward: ForwardPass
  private let backward: BackwardPass

  /// - Throws: `ArchitectureError` when the layer does not fit on the input.
  package init(
    _ layer: any Layer, on input: Shape, workers: Workers = Workers(count: 2),
    phase: Phase = .training(seed: 9), convolution: ConvolutionAlgorithm = .automatic,
    needsInputGradient: Bool = true
  ) throws(ArchitectureError) {
    let layer = layer.planned(on: input, convolution: convolution, trains: true)
    self.layer = layer
    self.input = input
    output = try layer.outputShape(for: input.batch(1)).batch(input.batch)
    let parameters = layer.parameters(for: input)
    let statistics = layer.statistics(for: input)
    slots = parameters + statistics
    parameterCount = parameters.count
    let scratch = layer.scratchCount(for: input, batch: input.batch, workers: workers.count)
    let counts =
      [input.count, output.count, input.count, output.count, layer.keptCount(for: input), scratch]
      + slots.map(\.count) + parameters.map(\.count)
    let arena = Arena(pieces: counts)
    let pieces = counts.map { arena.piece($0) }
    // Whatever scratch memory holds must not matter.
    pieces[5].fill(.nan)
    forward = layer.lending(
      ForwardPass(
        inputShape: input, outputShape: output, input: pieces[0], output: pieces[1],
        parameters: Array(pieces[6..<6 + parameterCount]),
        statistics: Array(pieces[6 + parameterCount..<6 + slots.count]), kept: pieces[4],
        scratch: pieces[5], phase: phase, workers: workers))
    backward = layer.lending(
      BackwardPass(
        forward: forward, outputGradient: pieces[3],
        inputGradient: needsInputGradient ? pieces[2] : nil,
        parameterGradients: Array(pieces[(6 + slots.count)...])))
  }

  /// What the passes read and write, in memory order; change it, then run a pass.
  package var inputs: FloatRegion { forward.input }
  package var outputs: FloatRegion { forward.output }
  package var inputGradients: FloatRegion { backward.inputGradient ?? backward.outputGradient }
  package var outputGradients: FloatRegion { backward.outputGradient }
  package var arrays: [FloatRegion] { forward.parameters + forward.statistics }
  package var parameterGradients: [FloatRegion] { backward.parameterGradients }

  package func runForward() { layer.forward(forward) }
  package func runBackward() { layer.backward(backward) }

  /// Numbers in file order as they lie in memory, and back.
  package func memory(_ slot: Int, fromFile values: [Float]) -> [Float] {
    var vector = ParameterVector(ParameterLayout([slots[slot]]))
    vector[slot: 0] = values
    return vector.scalars
  }

  package func file(_ slot: Int, fromMemory values: [Float]) -> [Float] {
    var vector = ParameterVector(ParameterLayout([slots[slot]]))
    vector.scalars = values
    return vector[slot: 0]
  }
}

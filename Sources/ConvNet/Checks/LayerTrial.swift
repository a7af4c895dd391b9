package import Tensors

/// One layer with memory of its own, for checks of its two passes.
package struct LayerTrial {
  package let layer: any Layer
  /// Shapes, including the batch.
  package let input: Shape, output: Shape
  /// Parameters and then statistics, as the layer names them.
  package let slots: [ParameterSlot]
  private let operation: any TrainingOperation
  private let forward: ForwardPass
  private let backward: BackwardPass

  /// - Throws: `ArchitectureError` if the layer does not fit the input.
  package init(
    _ layer: any Layer, on input: Shape, workers: Workers = Workers(count: 2),
    phase: Phase = .training(seed: 9), convolution: ConvolutionAlgorithm = .automatic,
    precision: Precision = .float32, needsInputGradient: Bool = true
  ) throws(ArchitectureError) {
    self.layer = layer
    self.input = input
    output = try layer.outputShape(for: input.batch(1)).batch(input.batch)
    let parameters = layer.parameters(for: input.batch(1))
    slots = parameters + layer.statistics(for: input.batch(1))
    operation = layer.compileForTraining(
      CompileContext(
        input: input, workerCount: workers.count, convolution: convolution, precision: precision))
    let counts =
      [input, output, input, output].map(\.count) + slots.map(\.count) + parameters.map(\.count)
    let arena = Arena(pieces: counts)
    let pieces = counts.map { arena.piece($0) }
    let arrays = pieces[4..<4 + slots.count]
    // The content of scratch memory must not matter.
    let (scratch, prepared) = (Workspace(operation.scratch), Workspace(operation.prepared))
    scratch.fill(.nan)
    prepared.fill(.nan)
    forward = operation.bind(
      ForwardPass(
        inputShape: input, outputShape: output, input: pieces[0], output: pieces[1],
        parameters: Array(arrays.prefix(parameters.count)),
        statistics: Array(arrays.dropFirst(parameters.count)),
        saved: Workspace(operation.saved), scratch: scratch, prepared: prepared, phase: phase,
        workers: workers))
    backward = operation.bind(
      BackwardPass(
        forward: forward, outputGradient: pieces[3],
        inputGradient: needsInputGradient ? pieces[2] : nil,
        parameterGradients: Array(pieces[(4 + slots.count)...])))
  }

  /// What the passes read and write, in memory order; change them before running a pass.
  package var inputs: FloatRegion { forward.input }
  package var outputs: FloatRegion { forward.output }
  package var inputGradients: FloatRegion { backward.inputGradient ?? backward.outputGradient }
  package var outputGradients: FloatRegion { backward.outputGradient }
  package var arrays: [FloatRegion] { forward.parameters + forward.statistics }
  package var parameterGradients: [FloatRegion] { backward.parameterGradients }

  package func runForward() {
    operation.prepare(forward)
    operation.forward(forward)
  }
  package func runBackward() {
    // Nor must the content of what the backward pass does not read.
    let unread = [(forward.input, BackwardReads.input), (forward.output, .output)]
      .filter { !operation.backwardReads.contains($0.1) }.map { ($0.0, $0.0.array) }
    for (region, _) in unread { region.fill(.nan) }
    operation.backward(backward)
    for (region, values) in unread { region.copy(from: values) }
  }

  /// Converts an array between file order and memory order.
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

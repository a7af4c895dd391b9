internal import Tensors

/// Operations with forward and backward passes; gradients between them alternate two buffers.
struct TrainingSequence: Sendable {
  /// The same operations forward; their scratch memory includes the buffers.
  let forward: ForwardSequence
  private let operations: [any TrainingOperation]
  private let gradients: [WorkspacePiece<Float>]

  init(
    _ operations: [Compiled<any TrainingOperation>], of layers: LayerSequence, batch: Int,
    holdsInput: Bool
  ) {
    self.operations = operations.map(\.operation)
    var scratch = WorkspaceLayout()
    // The gradients of input and output are stored elsewhere.
    let inner = operations.dropFirst().map { layers.shapes[$0.layers.lowerBound].count * batch }
    gradients = scratch.reserveAlternating([0] + inner)
    forward = ForwardSequence(
      operations.map { Compiled(operation: $0.operation, layers: $0.layers) }, of: layers,
      batch: batch, savesActivations: true, holdsInput: holdsInput, scratch: scratch)
  }

  /// The pass of each operation.
  ///
  /// - Parameters:
  ///   - inputGradient: Where the gradient of the input of the first operation goes; nil if it is
  ///     not needed.
  ///   - first: The first operation with a backward pass.
  func passes(
    _ passes: ArraySlice<ForwardPass>, outputGradient: FloatRegion, inputGradient: FloatRegion?,
    parameterGradients: [FloatRegion], scratch: Workspace, from first: Int = 0
  ) -> [BackwardPass] {
    var gradient = outputGradient
    var bound: [BackwardPass] = []
    for (index, pass) in Array(passes).enumerated().reversed() {
      let target =
        index > first
        ? scratch[gradients[index % 2]][0..<pass.input.count] : index == first ? inputGradient : nil
      // The next operation may have had all images of the batch. Before the first, none is read.
      let own =
        index < first || gradient.count == pass.output.count
        ? gradient : pass.batch.images(of: gradient, each: pass.outputShape.imageCount)
      bound.append(
        operations[index].bind(
          BackwardPass(
            forward: pass, outputGradient: own, inputGradient: target,
            parameterGradients: Array(parameterGradients[forward.steps[index].parameters]))))
      gradient = target ?? gradient
    }
    return bound.reversed()
  }

  /// Runs all backward passes, the last operation first.
  func backward(_ passes: ArraySlice<BackwardPass>) {
    for index in operations.indices.reversed() {
      backward(index, passes[passes.startIndex + index])
    }
  }

  /// Runs one backward pass.
  func backward(_ index: Int, _ pass: BackwardPass) { operations[index].backward(pass) }
}

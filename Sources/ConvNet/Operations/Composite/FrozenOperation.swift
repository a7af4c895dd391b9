internal import Tensors

/// The operation of a frozen layer in inference: its parameters are the first statistics.
struct FrozenForward: ForwardOperation {
  let operation: any ForwardOperation
  let parameterCount: Int

  var scratch: WorkspaceLayout { operation.scratch }
  var saved: WorkspaceLayout { operation.saved }
  var prepared: WorkspaceLayout { operation.prepared }
  var description: String { "frozen \(operation)" }
  var dividesBatch: Bool { operation.dividesBatch }
  var work: OperationWork { operation.work }

  func bind(_ pass: ForwardPass) -> ForwardPass {
    var pass = pass
    pass.parts = [operation.bind(pass.frozen(parameterCount, scratch: pass.scratch))]
    return pass
  }

  func prepare(_ pass: ForwardPass) { operation.prepare(pass.parts[0]) }

  func forward(_ pass: ForwardPass) { operation.forward(pass.parts[0]) }
}

/// The operation of a frozen layer in training: runs as in inference and passes gradients on.
struct FrozenOperation: TrainingOperation {
  private let operation: any TrainingOperation
  private let inner: WorkspacePiece<Workspace>
  /// Where the operation writes gradients of parameters, which nothing reads.
  private let unread: [WorkspacePiece<Float>]
  let scratch: WorkspaceLayout

  init(_ operation: any TrainingOperation, parameters: [ParameterSlot]) {
    self.operation = operation
    var scratch = WorkspaceLayout()
    inner = scratch.reserve(operation.scratch)
    var unread: [WorkspacePiece<Float>] = []
    for slot in parameters { unread.append(scratch.reserve(slot.count)) }
    self.unread = unread
    self.scratch = scratch
  }

  var saved: WorkspaceLayout { operation.saved }
  var prepared: WorkspaceLayout { operation.prepared }
  var description: String { "frozen \(operation)" }
  var dividesBatch: Bool { operation.dividesBatch }
  var work: OperationWork { operation.work }
  var backwardReads: BackwardReads { operation.backwardReads }
  var overwritesInput: Bool { operation.overwritesInput }

  func bind(_ pass: ForwardPass) -> ForwardPass {
    var pass = pass
    pass.parts = [operation.bind(pass.frozen(unread.count, scratch: pass.scratch[inner]))]
    return pass
  }

  func bind(_ pass: BackwardPass) -> BackwardPass {
    var pass = pass
    pass.parts = [
      operation.bind(
        BackwardPass(
          forward: pass.forward.parts[0], outputGradient: pass.outputGradient,
          inputGradient: pass.inputGradient,
          parameterGradients: unread.map { pass.forward.scratch[$0] }))
    ]
    return pass
  }

  func prepare(_ pass: ForwardPass) { operation.prepare(pass.parts[0]) }

  func forward(_ pass: ForwardPass) { operation.forward(pass.parts[0]) }

  func backward(_ pass: BackwardPass) {
    if pass.inputGradient != nil { operation.backward(pass.parts[0]) }
  }
}

extension ForwardPass {
  /// The pass of a frozen layer's operation.
  fileprivate func frozen(_ parameterCount: Int, scratch: Workspace) -> ForwardPass {
    ForwardPass(
      inputShape: inputShape, outputShape: outputShape, input: input, output: output,
      parameters: Array(statistics.prefix(parameterCount)),
      statistics: Array(statistics.dropFirst(parameterCount)), saved: saved, scratch: scratch,
      prepared: prepared, phase: .inference, workers: workers, batch: batch, isFrozen: true,
      isRepeated: isRepeated)
  }
}

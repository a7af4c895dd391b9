internal import Tensors

/// Two branches in inference, and their sum.
struct ResidualForward: ForwardOperation {
  private let branches: Branches
  let scratch: WorkspaceLayout, prepared: WorkspaceLayout

  init(
    body: ForwardSequence, shortcut: ForwardSequence,
    bodySlots: (parameters: Int, statistics: Int)
  ) {
    var (saved, scratch, prepared) = (WorkspaceLayout(), WorkspaceLayout(), WorkspaceLayout())
    branches = Branches(
      body, shortcut, bodySlots, saved: &saved, scratch: &scratch, prepared: &prepared)
    (self.scratch, self.prepared) = (scratch, prepared)
  }

  var description: String { branches.description }
  /// The branches read and write maps of their own, and both outputs are added.
  var work: OperationWork { branches.work }
  var dividesBatch: Bool { branches.dividesBatch }

  func bind(_ pass: ForwardPass) -> ForwardPass { branches.bind(pass) }

  func prepare(_ pass: ForwardPass) {
    branches.body.prepare(pass.parts[..<branches.body.steps.count])
    branches.shortcut.prepare(pass.parts[branches.body.steps.count...])
  }

  func forward(_ pass: ForwardPass) { branches.add(pass) }
}

/// Two branches in training, and their sum.
struct ResidualOperation: TrainingOperation {
  private let body: TrainingSequence, shortcut: TrainingSequence
  private let branches: Branches
  /// The gradient of the shortcut's input, before it is added to that of the body's.
  private let shortcutGradient: WorkspacePiece<Float>
  let scratch: WorkspaceLayout, saved: WorkspaceLayout

  init(
    body: TrainingSequence, shortcut: TrainingSequence, inputCount: Int,
    bodySlots: (parameters: Int, statistics: Int)
  ) {
    (self.body, self.shortcut) = (body, shortcut)
    var (saved, scratch, prepared) = (WorkspaceLayout(), WorkspaceLayout(), WorkspaceLayout())
    branches = Branches(
      body.forward, shortcut.forward, bodySlots, saved: &saved, scratch: &scratch,
      prepared: &prepared)
    shortcutGradient = scratch.reserve(shortcut.forward.steps.isEmpty ? 0 : inputCount)
    (self.scratch, self.saved) = (scratch, saved)
  }

  var description: String { branches.description }
  var work: OperationWork { branches.work }
  var dividesBatch: Bool { branches.dividesBatch }
  var backwardReads: BackwardReads { body.readsInput || shortcut.readsInput ? .input : [] }

  func bind(_ pass: ForwardPass) -> ForwardPass { branches.bind(pass) }

  func bind(_ pass: BackwardPass) -> BackwardPass {
    let forward = pass.forward
    let bindings = branches.bindings(forward)
    let slots = branches.bodySlots.parameters
    var bound = pass
    bound.parts =
      body.passes(
        bindings.body, outputGradient: pass.outputGradient, inputGradient: pass.inputGradient,
        parameterGradients: Array(pass.parameterGradients[..<slots]))
      + shortcut.passes(
        bindings.shortcut, outputGradient: pass.outputGradient,
        inputGradient: pass.inputGradient.map {
          forward.scratch[shortcutGradient][0..<min($0.count, gradientCount(forward))]
        },
        parameterGradients: Array(pass.parameterGradients[slots...]))
    return bound
  }

  private func gradientCount(_ pass: ForwardPass) -> Int {
    shortcut.forward.steps.isEmpty ? 0 : pass.input.count
  }

  func forward(_ pass: ForwardPass) { branches.add(pass) }

  /// Both branches get the gradient of the output; their input gradients are added.
  func backward(_ pass: BackwardPass) {
    let bodyCount = body.forward.steps.count
    body.backward(pass.parts[..<bodyCount])
    shortcut.backward(pass.parts[bodyCount...])
    guard let inputGradient = pass.inputGradient else { return }
    let other =
      shortcut.forward.steps.isEmpty ? pass.outputGradient : pass.parts[bodyCount].inputGradient
    guard let other else { return }
    pass.forward.forEachPart(of: inputGradient.count) {
      Kernels.add(other[$0], to: inputGradient[$0])
    }
  }
}

/// The forward passes of two branches, each in memory of its own.
private struct Branches: Sendable {
  let body: ForwardSequence, shortcut: ForwardSequence
  /// The arrays of the body, which come before those of the shortcut.
  let bodySlots: (parameters: Int, statistics: Int)
  private let bodyMemory: Pieces, shortcutMemory: Pieces

  /// The memory of a branch inside that of the operation.
  private struct Pieces {
    let saved: WorkspacePiece<Workspace>, scratch: WorkspacePiece<Workspace>
    let prepared: WorkspacePiece<Workspace>

    func memory(_ pass: ForwardPass) -> SequenceMemory {
      SequenceMemory(
        saved: pass.saved[saved], scratch: pass.scratch[scratch],
        prepared: pass.prepared[prepared])
    }
  }

  init(
    _ body: ForwardSequence, _ shortcut: ForwardSequence,
    _ bodySlots: (parameters: Int, statistics: Int), saved: inout WorkspaceLayout,
    scratch: inout WorkspaceLayout, prepared: inout WorkspaceLayout
  ) {
    (self.body, self.shortcut, self.bodySlots) = (body, shortcut, bodySlots)
    (bodyMemory, shortcutMemory) = (
      Pieces(
        saved: saved.reserve(body.saved), scratch: scratch.reserve(body.scratch),
        prepared: prepared.reserve(body.prepared)),
      Pieces(
        saved: saved.reserve(shortcut.saved), scratch: scratch.reserve(shortcut.scratch),
        prepared: prepared.reserve(shortcut.prepared))
    )
  }

  var dividesBatch: Bool { body.dividesBatch && shortcut.dividesBatch }

  var work: OperationWork {
    var work = body.work
    work += shortcut.work
    return work
  }

  /// The arrays and the memory of both branches.
  func bindings(
    _ pass: ForwardPass
  ) -> (body: ForwardSequence.Binding, shortcut: ForwardSequence.Binding) {
    let body = ForwardSequence.Binding(
      batch: pass.batch, input: pass.input,
      parameters: Array(pass.parameters[..<bodySlots.parameters]),
      statistics: Array(pass.statistics[..<bodySlots.statistics]),
      memory: bodyMemory.memory(pass), phase: pass.phase, workers: pass.workers,
      isRepeated: pass.isRepeated)
    var shortcut = body
    shortcut.parameters = Array(pass.parameters[bodySlots.parameters...])
    shortcut.statistics = Array(pass.statistics[bodySlots.statistics...])
    shortcut.memory = shortcutMemory.memory(pass)
    return (body, shortcut)
  }

  /// The passes of the body and then of the shortcut.
  func bind(_ pass: ForwardPass) -> ForwardPass {
    let bindings = bindings(pass)
    var bound = pass
    bound.parts = body.passes(bindings.body) + shortcut.passes(bindings.shortcut)
    return bound
  }

  /// Runs both branches and adds their outputs.
  func add(_ pass: ForwardPass) {
    let bodyCount = body.steps.count
    body.forward(pass.parts[..<bodyCount])
    shortcut.forward(pass.parts[bodyCount...])
    let long = pass.parts[bodyCount - 1].output
    let short = shortcut.steps.isEmpty ? pass.input : pass.parts[pass.parts.count - 1].output
    pass.forEachPart(of: pass.output.count) {
      Kernels.add(long[$0], short[$0], into: pass.output[$0])
    }
  }

  var description: String {
    func list(_ sequence: ForwardSequence) -> String {
      sequence.steps.map { "\($0.operation)" }.joined(separator: ", ")
    }
    return "residual (\(list(body)))" + (shortcut.steps.isEmpty ? "" : " (\(list(shortcut)))")
  }
}

extension ForwardPass {
  /// Divides elements into as many runs as there are images, shared among the workers.
  fileprivate func forEachPart(of count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = Shards(of: count, atMost: inputShape.batch)
    workers.run(parts.count) { body(parts[$0]) }
  }
}

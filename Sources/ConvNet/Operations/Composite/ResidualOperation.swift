internal import Tensors

/// Two branches in inference, and their sum.
struct ResidualForward: ForwardOperation {
  private let body: ForwardSequence, shortcut: ForwardSequence
  /// The arrays of the body, which come before those of the shortcut.
  private let bodySlots: (parameters: Int, statistics: Int)
  private let bodyActivations: WorkspacePiece<Workspace>
  private let shortcutActivations: WorkspacePiece<Workspace>
  private let inner: WorkspacePiece<Workspace>
  private let bodyPrepared: WorkspacePiece<Workspace>
  private let shortcutPrepared: WorkspacePiece<Workspace>
  let scratch: WorkspaceLayout, prepared: WorkspaceLayout

  init(
    body: ForwardSequence, shortcut: ForwardSequence,
    bodySlots: (parameters: Int, statistics: Int)
  ) {
    (self.body, self.shortcut, self.bodySlots) = (body, shortcut, bodySlots)
    var scratch = WorkspaceLayout()
    bodyActivations = scratch.reserve(body.activations)
    shortcutActivations = scratch.reserve(shortcut.activations)
    inner = scratch.reserve(.union(body.scratch, shortcut.scratch))
    self.scratch = scratch
    var prepared = WorkspaceLayout()
    bodyPrepared = prepared.reserve(body.prepared)
    shortcutPrepared = prepared.reserve(shortcut.prepared)
    self.prepared = prepared
  }

  var description: String { describeBranches(body, shortcut) }
  /// The branches read and write maps of their own, and both outputs are added.
  var work: OperationWork {
    var work = body.work
    work += shortcut.work
    return work
  }
  var dividesBatch: Bool { body.dividesBatch && shortcut.dividesBatch }

  func bind(_ pass: ForwardPass) -> ForwardPass {
    var bound = pass
    bound.parts = bindBranches(
      body, shortcut, bodySlots, pass,
      activations: (pass.scratch[bodyActivations], pass.scratch[shortcutActivations]),
      prepared: (pass.prepared[bodyPrepared], pass.prepared[shortcutPrepared]),
      scratch: pass.scratch[inner])
    return bound
  }

  func prepare(_ pass: ForwardPass) {
    body.prepare(pass.parts[..<body.steps.count])
    shortcut.prepare(pass.parts[body.steps.count...])
  }

  func forward(_ pass: ForwardPass) { addBranches(body, shortcut, pass) }
}

/// Two branches in training, and their sum.
struct ResidualOperation: TrainingOperation {
  private let body: TrainingSequence, shortcut: TrainingSequence
  /// The arrays of the body, which come before those of the shortcut.
  private let bodySlots: (parameters: Int, statistics: Int)
  private let bodyActivations: WorkspacePiece<Workspace>
  private let shortcutActivations: WorkspacePiece<Workspace>
  private let inner: WorkspacePiece<Workspace>
  /// The gradient of the shortcut's input, before it is added to that of the body's.
  private let shortcutGradient: WorkspacePiece<Float>
  let scratch: WorkspaceLayout, saved: WorkspaceLayout

  init(
    body: TrainingSequence, shortcut: TrainingSequence, inputCount: Int,
    bodySlots: (parameters: Int, statistics: Int)
  ) {
    (self.body, self.shortcut, self.bodySlots) = (body, shortcut, bodySlots)
    var saved = WorkspaceLayout()
    bodyActivations = saved.reserve(body.forward.activations)
    shortcutActivations = saved.reserve(shortcut.forward.activations)
    self.saved = saved
    var scratch = WorkspaceLayout()
    inner = scratch.reserve(.union(body.forward.scratch, shortcut.forward.scratch))
    shortcutGradient = scratch.reserve(shortcut.forward.steps.isEmpty ? 0 : inputCount)
    self.scratch = scratch
  }

  var description: String { describeBranches(body.forward, shortcut.forward) }
  var dividesBatch: Bool { body.forward.dividesBatch && shortcut.forward.dividesBatch }

  func bind(_ pass: ForwardPass) -> ForwardPass {
    var bound = pass
    bound.parts = bindBranches(
      body.forward, shortcut.forward, bodySlots, pass,
      activations: (pass.saved[bodyActivations], pass.saved[shortcutActivations]),
      prepared: (pass.prepared, pass.prepared),
      scratch: pass.scratch[inner])
    return bound
  }

  func bind(_ pass: BackwardPass) -> BackwardPass {
    let (forward, bodyCount) = (pass.forward, body.forward.steps.count)
    let scratch = forward.scratch[inner]
    var bound = pass
    bound.parts =
      body.passes(
        forward.parts[..<bodyCount], outputGradient: pass.outputGradient,
        inputGradient: pass.inputGradient,
        parameterGradients: Array(pass.parameterGradients[..<bodySlots.parameters]),
        scratch: scratch)
      + shortcut.passes(
        forward.parts[bodyCount...], outputGradient: pass.outputGradient,
        inputGradient: pass.inputGradient.map {
          forward.scratch[shortcutGradient][0..<min($0.count, gradientCount(forward))]
        },
        parameterGradients: Array(pass.parameterGradients[bodySlots.parameters...]),
        scratch: scratch)
    return bound
  }

  private func gradientCount(_ pass: ForwardPass) -> Int {
    shortcut.forward.steps.isEmpty ? 0 : pass.input.count
  }

  func forward(_ pass: ForwardPass) { addBranches(body.forward, shortcut.forward, pass) }

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

/// The passes of the body and then of the shortcut.
private func bindBranches(
  _ body: ForwardSequence, _ shortcut: ForwardSequence,
  _ bodySlots: (parameters: Int, statistics: Int), _ pass: ForwardPass,
  activations: (body: Workspace, shortcut: Workspace),
  prepared: (body: Workspace, shortcut: Workspace), scratch: Workspace
) -> [ForwardPass] {
  var binding = ForwardSequence.Binding(
    batch: pass.batch, input: pass.input,
    parameters: Array(pass.parameters[..<bodySlots.parameters]),
    statistics: Array(pass.statistics[..<bodySlots.statistics]), activations: activations.body,
    scratch: scratch, prepared: prepared.body, phase: pass.phase, workers: pass.workers)
  let bodyPasses = body.passes(binding)
  binding.parameters = Array(pass.parameters[bodySlots.parameters...])
  binding.statistics = Array(pass.statistics[bodySlots.statistics...])
  binding.activations = activations.shortcut
  binding.prepared = prepared.shortcut
  return bodyPasses + shortcut.passes(binding)
}

/// Runs both branches and adds their outputs.
private func addBranches(
  _ body: ForwardSequence, _ shortcut: ForwardSequence, _ pass: ForwardPass
) {
  let bodyCount = body.steps.count
  body.forward(pass.parts[..<bodyCount])
  shortcut.forward(pass.parts[bodyCount...])
  let long = pass.parts[bodyCount - 1].output
  let short = shortcut.steps.isEmpty ? pass.input : pass.parts[pass.parts.count - 1].output
  pass.forEachPart(of: pass.output.count) {
    Kernels.add(long[$0], short[$0], into: pass.output[$0])
  }
}

private func describeBranches(_ body: ForwardSequence, _ shortcut: ForwardSequence) -> String {
  func list(_ sequence: ForwardSequence) -> String {
    sequence.steps.map { "\($0.operation)" }.joined(separator: ", ")
  }
  return "residual (\(list(body)))" + (shortcut.steps.isEmpty ? "" : " (\(list(shortcut)))")
}

extension ForwardPass {
  /// Divides elements into as many runs as there are images, shared among the workers.
  fileprivate func forEachPart(of count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = Shards(of: count, atMost: inputShape.batch)
    workers.run(parts.count) { body(parts[$0]) }
  }
}

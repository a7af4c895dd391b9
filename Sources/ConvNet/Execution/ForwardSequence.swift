internal import Tensors

/// Operations in order, and how the memory between them is divided.
///
/// In training every activation stays for the backward pass. Inference needs only what one
/// operation reads and writes, so two buffers alternate.
struct ForwardSequence: Sendable {
  /// One operation and its place in the memory.
  struct Step: Sendable {
    let operation: any ForwardOperation
    /// The layers it stands for, and the positions of their arrays.
    let layers: Range<Int>, parameters: Range<Int>, statistics: Range<Int>
    /// Shapes of one image.
    let inputShape: Shape, outputShape: Shape
    fileprivate let output: WorkspacePiece<Float>
    fileprivate let saved: WorkspacePiece<Workspace>, scratch: WorkspacePiece<Workspace>
    fileprivate let prepared: WorkspacePiece<Workspace>
  }

  /// The arrays and the memory of all operations for one batch.
  struct Binding {
    var batch: BatchShards
    /// The images of this process, or all if the first operation needs them.
    var input: FloatRegion
    var parameters: [FloatRegion], statistics: [FloatRegion]
    var activations: Workspace, scratch: Workspace, prepared: Workspace
    var phase: Phase
    var workers: Workers
    var isFrozen = false
  }

  /// The operations in order.
  let steps: [Step]
  /// Where the input lies in the activations, for a sequence that holds it.
  let input: WorkspacePiece<Float>?
  /// Activations, with what operations save in training; and memory of undefined content.
  let activations: WorkspaceLayout, scratch: WorkspaceLayout
  /// What operations prepare for all batches of inference; in training it is scratch memory.
  let prepared: WorkspaceLayout
  /// The first operation that needs all images of a batch, and from which on all do.
  let firstUndivided: Int
  private let savesActivations: Bool

  /// - Parameter scratch: Memory already reserved; operations share the memory after it.
  init(
    _ operations: [Compiled<any ForwardOperation>], of layers: LayerSequence, batch: Int,
    savesActivations: Bool, holdsInput: Bool, scratch: WorkspaceLayout = WorkspaceLayout()
  ) {
    self.savesActivations = savesActivations
    var activations = WorkspaceLayout()
    // The number of floats between operations, from the input to the output.
    let counts = ([0] + operations.map(\.layers.upperBound)).map { layers.shapes[$0].count * batch }
    let reserved = holdsInput ? counts : [0] + counts.dropFirst()
    let buffers = savesActivations ? [] : activations.reserveAlternating(reserved)
    func activation(_ index: Int) -> WorkspacePiece<Float> {
      savesActivations
        ? activations.reserve(counts[index]) : buffers[index % 2].prefix(counts[index])
    }
    input = holdsInput ? activation(0) : nil
    var scratches: [WorkspaceLayout] = [scratch]
    var prepared = WorkspaceLayout()
    var steps: [Step] = []
    for (index, compiled) in operations.enumerated() {
      let operation = compiled.operation
      var own = scratch
      let output = activation(index + 1)
      // Without a backward pass nothing has to outlast the forward pass.
      let saved =
        savesActivations ? activations.reserve(operation.saved) : own.reserve(operation.saved)
      let preparedPiece =
        savesActivations ? own.reserve(operation.prepared) : prepared.reserve(operation.prepared)
      steps.append(
        Step(
          operation: operation, layers: compiled.layers,
          parameters: layers.parameterSlots.joined(compiled.layers),
          statistics: layers.statisticSlots.joined(compiled.layers),
          inputShape: layers.shapes[compiled.layers.lowerBound],
          outputShape: layers.shapes[compiled.layers.upperBound], output: output, saved: saved,
          scratch: own.reserve(operation.scratch), prepared: preparedPiece))
      scratches.append(own)
    }
    self.steps = steps
    firstUndivided = steps.firstIndex { !$0.operation.dividesBatch } ?? steps.count
    self.activations = activations
    self.scratch = .union(scratches)
    self.prepared = prepared
  }

  /// Whether all operations can run on some images of a batch.
  var dividesBatch: Bool { firstUndivided == steps.count }

  /// The pass of each operation.
  func passes(_ binding: Binding) -> [ForwardPass] {
    var input = binding.input
    return steps.enumerated().map { index, step in
      let batch = index < firstUndivided ? binding.batch : binding.batch.whole
      let outputShape = step.outputShape.batch(batch.images.count)
      // What the next operation needs of all images lies at its place among them.
      let isCompleted = index + 1 == firstUndivided
      let following = isCompleted ? batch.whole : batch
      let outputs = binding.activations[step.output][
        0..<following.images.count * step.outputShape.count]
      let pass = ForwardPass(
        inputShape: step.inputShape.batch(batch.images.count), outputShape: outputShape,
        input: input,
        output: isCompleted ? batch.images(of: outputs, each: step.outputShape.count) : outputs,
        parameters: Array(binding.parameters[step.parameters]),
        statistics: Array(binding.statistics[step.statistics]),
        saved: (savesActivations ? binding.activations : binding.scratch)[step.saved],
        scratch: binding.scratch[step.scratch],
        prepared: (savesActivations ? binding.scratch : binding.prepared)[step.prepared],
        phase: binding.phase, workers: binding.workers, batch: batch, isFrozen: binding.isFrozen)
      input = outputs
      return step.operation.bind(pass)
    }
  }

  /// Prepares all operations for the inference of any number of batches.
  func prepare(_ passes: ArraySlice<ForwardPass>) {
    guard !savesActivations else { return }
    for (step, pass) in zip(steps, passes) { step.operation.prepare(pass) }
  }

  /// Runs all operations.
  func forward(_ passes: ArraySlice<ForwardPass>) {
    for (index, pass) in zip(steps.indices, passes) { forward(index, pass) }
  }

  /// Runs one operation.
  func forward(_ index: Int, _ pass: ForwardPass) {
    if savesActivations { steps[index].operation.prepare(pass) }
    steps[index].operation.forward(pass)
  }
}

extension WorkspaceLayout {
  /// Reserves two alternating buffers: one for items at even places, one for those at odd places.
  mutating func reserveAlternating(_ counts: [Int]) -> [WorkspacePiece<Float>] {
    [0, 1].map { start in
      reserve(stride(from: start, to: counts.count, by: 2).map { counts[$0] }.max() ?? 0)
    }
  }
}

extension [Range<Int>] {
  /// The range that neighboring ranges cover together.
  fileprivate func joined(_ indices: Range<Int>) -> Range<Int> {
    self[indices.lowerBound].lowerBound..<self[indices.upperBound - 1].upperBound
  }
}

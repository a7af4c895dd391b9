internal import Tensors

/// Operations in order, and where each has its memory in a forward pass.
struct ForwardSequence: Sendable {
  /// One operation, and what it stands for.
  struct Step: Sendable {
    let operation: any ForwardOperation
    /// The layers it stands for, and the positions of their arrays.
    let layers: Range<Int>, parameters: Range<Int>, statistics: Range<Int>
    /// Shapes of one image.
    let inputShape: Shape, outputShape: Shape
  }

  /// The arrays and the memory of all operations for one batch.
  struct Binding {
    var batch: BatchShards
    /// The images of this process, or all if the first operation needs them.
    var input: FloatRegion
    var parameters: [FloatRegion], statistics: [FloatRegion]
    var memory: SequenceMemory
    var phase: Phase
    var workers: Workers
    var isRepeated = false
  }

  /// The operations in order.
  let steps: [Step]
  /// The first operation that needs all images of a batch, and from which on all do.
  let firstUndivided: Int
  private let places: [OperationPlace]
  private let placed: PlacedMemory
  private let heldInput: MemoryPlan.Item?
  /// Whether operations prepare before every pass instead of once for all batches.
  private let preparesAlways: Bool

  /// Plans the memory of inference.
  ///
  /// - Parameter holdsInput: Whether the input lies in the sequence's own memory.
  init(
    _ operations: [Compiled<any ForwardOperation>], of layers: LayerSequence, batch: Int,
    holdsInput: Bool
  ) {
    let steps = layers.steps(operations)
    var planner = PassPlanner(
      steps.map { OperationMemory($0, batch: batch, keepsPrepared: true) },
      inputCount: holdsInput ? layers.shapes[0].count * batch : nil)
    let places = steps.indices.map { planner.forward($0) }
    self.init(
      steps, places, planner.memory.placed(), heldInput: planner.input, preparesAlways: false)
  }

  /// Takes memory that is planned.
  init(
    _ steps: [Step], _ places: [OperationPlace], _ placed: PlacedMemory,
    heldInput: MemoryPlan.Item?, preparesAlways: Bool
  ) {
    self.steps = steps
    self.places = places
    self.placed = placed
    self.heldInput = heldInput
    self.preparesAlways = preparesAlways
    firstUndivided = steps.firstUndivided
  }

  /// The memory of its passes.
  var saved: WorkspaceLayout { placed.saved }
  var scratch: WorkspaceLayout { placed.scratch }
  var prepared: WorkspaceLayout { placed.prepared }

  /// Whether all operations can run on some images of a batch.
  var dividesBatch: Bool { firstUndivided == steps.count }

  /// Where the input lies; nil for a sequence that does not hold it.
  func input(in memory: SequenceMemory) -> FloatRegion? {
    heldInput.map { placed.region($0, in: memory) }
  }

  /// The pass of each operation.
  func passes(_ binding: Binding) -> [ForwardPass] {
    steps.indices.map { pass($0, places[$0], binding) }
  }

  /// The pass of one operation at some place in the memory.
  func pass(_ index: Int, _ place: OperationPlace, _ binding: Binding) -> ForwardPass {
    let step = steps[index]
    let batch = index < firstUndivided ? binding.batch : binding.batch.whole
    let inputShape = step.inputShape.batch(batch.images.count)
    // What the next operation needs of all images lies at its place among them.
    let isCompleted = index + 1 == firstUndivided
    let following = isCompleted ? batch.whole : batch
    let outputs = placed.region(place.output, in: binding.memory)[
      0..<following.images.count * step.outputShape.count]
    return step.operation.bind(
      ForwardPass(
        inputShape: inputShape, outputShape: step.outputShape.batch(batch.images.count),
        input: place.input.map {
          placed.region($0, in: binding.memory)[0..<inputShape.count]
        } ?? binding.input,
        output: isCompleted ? batch.images(of: outputs, each: step.outputShape.count) : outputs,
        parameters: Array(binding.parameters[step.parameters]),
        statistics: Array(binding.statistics[step.statistics]),
        saved: Workspace(placed.region(place.saved, in: binding.memory)),
        scratch: Workspace(placed.region(place.scratch, in: binding.memory)),
        prepared: Workspace(placed.region(place.prepared, in: binding.memory)),
        phase: binding.phase, workers: binding.workers, batch: batch,
        isRepeated: binding.isRepeated))
  }

  /// Prepares all operations for the inference of any number of batches.
  func prepare(_ passes: ArraySlice<ForwardPass>) {
    guard !preparesAlways else { return }
    for (step, pass) in zip(steps, passes) { step.operation.prepare(pass) }
  }

  /// Runs all operations.
  func forward(_ passes: ArraySlice<ForwardPass>) {
    for (index, pass) in zip(steps.indices, passes) { forward(index, pass) }
  }

  /// Runs one operation.
  func forward(_ index: Int, _ pass: ForwardPass) {
    if preparesAlways { steps[index].operation.prepare(pass) }
    steps[index].operation.forward(pass)
  }
}

extension [ForwardSequence.Step] {
  /// The first that needs all images of a batch.
  var firstUndivided: Int { firstIndex { !$0.operation.dividesBatch } ?? count }
}

extension LayerSequence {
  /// The operations with what they stand for.
  func steps(_ operations: [Compiled<any ForwardOperation>]) -> [ForwardSequence.Step] {
    operations.map { compiled in
      ForwardSequence.Step(
        operation: compiled.operation, layers: compiled.layers,
        parameters: parameterSlots.joined(compiled.layers),
        statistics: statisticSlots.joined(compiled.layers),
        inputShape: shapes[compiled.layers.lowerBound],
        outputShape: shapes[compiled.layers.upperBound])
    }
  }
}

extension [Range<Int>] {
  /// The range that neighboring ranges cover together.
  fileprivate func joined(_ indices: Range<Int>) -> Range<Int> {
    self[indices.lowerBound].lowerBound..<self[indices.upperBound - 1].upperBound
  }
}

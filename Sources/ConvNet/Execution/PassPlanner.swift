internal import Tensors

/// What an operation needs of memory, floats.
struct OperationMemory: Sendable {
  let output: Int, saved: Int, scratch: Int, prepared: Int
  /// Whether what is prepared is kept for all batches.
  let keepsPrepared: Bool

  init(_ step: ForwardSequence.Step, batch: Int, keepsPrepared: Bool) {
    output = step.outputShape.count * batch
    saved = step.operation.saved.count
    scratch = step.operation.scratch.count
    prepared = step.operation.prepared.count
    self.keepsPrepared = keepsPrepared
  }
}

/// Where an operation reads and writes in a pass.
struct OperationPlace: Sendable {
  /// Nil for the input that the sequence is given.
  let input: MemoryPlan.Item?
  let output: MemoryPlan.Item, saved: MemoryPlan.Item
  let scratch: MemoryPlan.Item, prepared: MemoryPlan.Item
}

/// Where the gradient of an operation's input goes.
enum GradientPlace {
  /// To memory of so many floats.
  case own(Int)
  /// Over the input, which nothing needs any more.
  case overInput
  case elsewhere
}

/// Plans the memory of the passes of a sequence, in the order in which they run.
///
/// An activation keeps its place until the last pass that reads it, or that it is computed again
/// for.
struct PassPlanner: Sendable {
  private(set) var memory: MemoryPlan
  /// The images, in a sequence that holds them.
  let input: MemoryPlan.Item?
  private let operations: [OperationMemory]
  /// What was computed last of each operation.
  private var outputs: [MemoryPlan.Item?], saved: [MemoryPlan.Item?]

  /// - Parameter inputCount: Floats of the input; nil if it lies elsewhere.
  init(_ operations: [OperationMemory], inputCount: Int?) {
    self.operations = operations
    var memory = MemoryPlan()
    input = inputCount.map { memory.need($0) }
    self.memory = memory
    outputs = operations.map { _ in nil }
    saved = outputs
  }

  /// The next pass is this one forward.
  mutating func forward(_ index: Int) -> OperationPlace {
    let operation = operations[index]
    useInput(of: index)
    let place = OperationPlace(
      input: index == 0 ? nil : outputs[index - 1], output: memory.need(operation.output),
      saved: memory.need(operation.saved), scratch: memory.need(operation.scratch),
      prepared: operation.keepsPrepared
        ? memory.keep(operation.prepared) : memory.need(operation.prepared))
    (outputs[index], saved[index]) = (place.output, place.saved)
    memory.advance()
    return place
  }

  /// The next pass is this one back.
  ///
  /// - Parameters:
  ///   - outputGradient: Nil if it lies elsewhere.
  ///   - inputGradient: Where the gradient of the input goes.
  mutating func backward(
    _ index: Int, reads: BackwardReads, outputGradient: MemoryPlan.Item?,
    inputGradient target: GradientPlace
  ) -> (place: OperationPlace, inputGradient: MemoryPlan.Item?) {
    guard let output = outputs[index], let savedItem = saved[index] else {
      preconditionFailure("a pass back before the pass forward of operation \(index)")
    }
    if reads.contains(.input) { useInput(of: index) }
    if reads.contains(.output) { memory.use(output) }
    memory.use(savedItem)
    memory.use(outputGradient)
    let inputGradient: MemoryPlan.Item? =
      switch target {
      case .elsewhere: nil
      case .own(let count): memory.need(count)
      case .overInput: outputs[index - 1]
      }
    memory.use(inputGradient)
    let place = OperationPlace(
      input: index == 0 ? nil : outputs[index - 1], output: output, saved: savedItem,
      scratch: memory.need(operations[index].scratch),
      prepared: memory.need(reads.contains(.prepared) ? operations[index].prepared : 0))
    memory.advance()
    return (place, inputGradient)
  }

  /// Lets all outputs keep their content up to the next pass.
  mutating func useOutputs() {
    for output in outputs { memory.use(output) }
  }

  /// Lets the input keep its content up to the next pass.
  mutating func useInput() { memory.use(input) }

  private mutating func useInput(of index: Int) {
    memory.use(index == 0 ? input : outputs[index - 1])
  }
}

internal import Tensors

/// Operations with forward and backward passes, and where each has its memory.
///
/// What a backward pass needs is kept, or computed again just before; the rest of the memory is
/// shared by what is needed at different times, gradients among it.
struct TrainingSequence: Sendable {
  /// The same operations forward.
  let forward: ForwardSequence
  /// What is kept for the backward passes.
  let retention: Retention
  /// Floats that each operation keeps for the backward passes: its output, and what it saves.
  let kept: [(output: Int, saved: Int)]
  /// Whether a backward pass, or one that is repeated before it, reads the input.
  let readsInput: Bool

  /// A backward pass, with the forward passes that are repeated before it.
  private struct Step {
    let index: Int
    let place: OperationPlace
    /// Where the gradient of the input goes; nil if it lies elsewhere, or is not needed.
    let inputGradient: MemoryPlan.Item?
    let repeated: [(index: Int, place: OperationPlace)]
  }

  private let source: Source
  private let placed: PlacedMemory
  /// In the order of the operations.
  private let steps: [Step]

  /// What a plan is made of.
  struct Source: Sendable {
    let operations: [Compiled<any TrainingOperation>]
    let layers: LayerSequence
    let batch: Int
    /// Whether the input lies in the sequence's own memory, where it stays as it is.
    let holdsInput: Bool
    /// Whether all outputs are there at the end of the forward passes.
    let keepsOutputs: Bool
    /// The first operation with a backward pass; no gradient is needed before it.
    let first: Int

    var forwardSteps: [ForwardSequence.Step] {
      layers.steps(operations.map { Compiled(operation: $0.operation, layers: $0.layers) })
    }
  }

  init(_ source: Source, keeping retention: Retention = Retention()) {
    let passes = Passes(source, retention)
    self.source = source
    self.retention = retention
    steps = passes.steps.reversed()
    let (memory, boundary) = (passes.planner.memory, source.operations.count)
    kept = passes.places.map {
      (
        output: memory.count($0.output, keptInto: boundary),
        saved: memory.count($0.saved, keptInto: boundary)
      )
    }
    readsInput =
      (steps.first?.index == 0 && source.operations[0].operation.backwardReads.contains(.input))
      || steps.contains { $0.repeated.first?.index == 0 }
    // What holds its input is the whole network, whose memory nothing else touches.
    placed = memory.placed(boundary: source.holdsInput ? nil : boundary)
    forward = ForwardSequence(
      source.forwardSteps, passes.places, placed, heldInput: passes.planner.input,
      preparesAlways: true)
  }

  /// All passes of a training step in order.
  private struct Passes {
    var planner: PassPlanner
    let places: [OperationPlace]
    /// The last operation first.
    var steps: [Step] = []

    init(_ source: Source, _ retention: Retention) {
      let (operations, layers) = (source.operations, source.layers)
      func inputGradient(_ index: Int) -> GradientPlace {
        guard index > source.first else { return .elsewhere }
        let readsOutput = operations[index - 1].operation.backwardReads.contains(.output)
        return operations[index].operation.overwritesInput && !readsOutput
          ? .overInput
          : .own(layers.shapes[operations[index].layers.lowerBound].count * source.batch)
      }
      var planner = PassPlanner(
        source.forwardSteps.map {
          OperationMemory($0, batch: source.batch, keepsPrepared: false)
        }, inputCount: source.holdsInput ? layers.shapes[0].count * source.batch : nil)
      places = operations.indices.map { planner.forward($0) }
      if source.keepsOutputs { planner.useOutputs() }
      var gradient: MemoryPlan.Item?
      for index in operations.indices.reversed() where index >= source.first {
        let repeated = retention.repeated(before: index, of: operations.count).map {
          (index: $0, place: planner.forward($0))
        }
        let (place, target) = planner.backward(
          index, reads: operations[index].operation.backwardReads, outputGradient: gradient,
          inputGradient: inputGradient(index))
        steps.append(Step(index: index, place: place, inputGradient: target, repeated: repeated))
        gradient = target
      }
      planner.useInput()
      self.planner = planner
    }
  }

  /// The memory of its passes.
  var saved: WorkspaceLayout { placed.saved }
  var scratch: WorkspaceLayout { placed.scratch }

  /// What the backward pass of an operation reads.
  func reads(_ index: Int) -> BackwardReads {
    source.operations[index].operation.backwardReads
  }

  /// Floats that are needed in each pass of a training step, with another retention.
  func load(keeping retention: Retention) -> [Int] {
    Passes(source, retention).planner.memory.load
  }

  /// The same sequence with another retention.
  func keeping(_ retention: Retention) -> TrainingSequence {
    TrainingSequence(source, keeping: retention)
  }

  /// The backward passes, from the first operation that has one.
  ///
  /// - Parameters:
  ///   - binding: That of the forward passes.
  ///   - inputGradient: Where the gradient of the input of the first operation goes; nil if it is
  ///     not needed.
  func passes(
    _ binding: ForwardSequence.Binding, outputGradient: FloatRegion, inputGradient: FloatRegion?,
    parameterGradients: [FloatRegion]
  ) -> [BackwardPass] {
    var again = binding
    again.isRepeated = true
    var gradient = outputGradient
    var bound: [BackwardPass] = []
    for step in steps.reversed() {
      let pass = forward.pass(step.index, step.place, binding)
      let target =
        step.inputGradient.map {
          placed.region($0, in: binding.memory)[0..<pass.input.count]
        } ?? inputGradient
      // The next operation may have had all images of the batch.
      let own =
        gradient.count == pass.output.count
        ? gradient : pass.batch.images(of: gradient, each: pass.outputShape.imageCount)
      var backward = source.operations[step.index].operation.bind(
        BackwardPass(
          forward: pass, outputGradient: own, inputGradient: target,
          parameterGradients: Array(
            parameterGradients[forward.steps[step.index].parameters])))
      backward.repeated = step.repeated.map { ($0.index, forward.pass($0.index, $0.place, again)) }
      bound.append(backward)
      gradient = target ?? gradient
    }
    return bound.reversed()
  }

  /// The first operation with a backward pass.
  var first: Int { source.first }

  /// Runs all backward passes, the last operation first.
  func backward(_ passes: ArraySlice<BackwardPass>) {
    for place in passes.indices.reversed() {
      backward(first + place - passes.startIndex, passes[place])
    }
  }

  /// Runs one backward pass, and before it the forward passes that it needs again.
  func backward(_ index: Int, _ pass: BackwardPass) {
    for (index, pass) in pass.repeated { forward.forward(index, pass) }
    source.operations[index].operation.backward(pass)
  }
}

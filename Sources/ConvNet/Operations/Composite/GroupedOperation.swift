internal import Tensors

/// A convolution in groups: each group runs on copies of its channels and weights.
struct GroupedForward: ForwardOperation {
  private let operation: any ForwardOperation
  private let groups: Int
  /// Channels of one group.
  fileprivate let inputs: Int, outputs: Int
  private let inputImage: Shape, outputImage: Shape
  private let inner: WorkspacePiece<Workspace>
  private let input: WorkspacePiece<Float>, output: WorkspacePiece<Float>
  /// The weights of each group, and what its operation prepares from them.
  private let weights: [WorkspacePiece<Float>], parts: [WorkspacePiece<Workspace>]
  let scratch: WorkspaceLayout, prepared: WorkspaceLayout
  let description: String
  let dividesBatch = true
  let work: OperationWork

  /// - Parameter plan: Of one group.
  init(_ operation: any ForwardOperation, _ plan: ConvolutionPlan, groups: Int) {
    self.operation = operation
    self.groups = groups
    inputImage = plan.window.input
    outputImage = plan.window.output(channels: plan.outputChannels)
    (inputs, outputs) = (inputImage.channels, plan.outputChannels)
    var scratch = WorkspaceLayout()
    inner = scratch.reserve(operation.scratch)
    input = scratch.reserve(plan.batch * inputImage.count)
    output = scratch.reserve(plan.batch * outputImage.count)
    self.scratch = scratch
    var prepared = WorkspaceLayout()
    var (weights, parts): ([WorkspacePiece<Float>], [WorkspacePiece<Workspace>]) = ([], [])
    for _ in 0..<groups {
      weights.append(prepared.reserve(plan.window.count * plan.outputChannels))
      parts.append(prepared.reserve(operation.prepared))
    }
    (self.weights, self.parts, self.prepared) = (weights, parts, prepared)
    let part = operation.work
    // Channels are copied from the input and to the output.
    work = OperationWork(
      multiplyAdds: groups * part.multiplyAdds,
      values: groups * (part.values + inputImage.count + outputImage.count),
      weights: groups * part.weights)
    description = "\(groups) groups of \(operation)"
  }

  /// The passes of the groups, which share the copies' memory.
  func bind(_ pass: ForwardPass) -> ForwardPass {
    let (inputShape, outputShape) = (
      inputImage.batch(pass.inputShape.batch), outputImage.batch(pass.inputShape.batch)
    )
    var bound = pass
    bound.parts = (0..<groups).map { group in
      operation.bind(
        ForwardPass(
          inputShape: inputShape, outputShape: outputShape,
          input: pass.scratch[input][0..<inputShape.count],
          output: pass.scratch[output][0..<outputShape.count],
          parameters: [pass.prepared[weights[group]]]
            + pass.parameters.dropFirst().map { $0[outputChannels(group)] },
          statistics: [], saved: pass.saved, scratch: pass.scratch[inner],
          prepared: pass.prepared[parts[group]], phase: pass.phase, workers: pass.workers,
          batch: pass.batch))
    }
    return bound
  }

  func prepare(_ pass: ForwardPass) {
    for group in 0..<groups {
      copyWeights(group, pass)
      operation.prepare(pass.parts[group])
    }
  }

  func forward(_ pass: ForwardPass) {
    for group in 0..<groups {
      copyInput(group, pass)
      operation.forward(pass.parts[group])
      Kernels.copy(
        pass.parts[group].output, intoColumns: outputChannels(group), of: pass.output,
        stride: groups * outputs)
    }
  }

  /// Copies the channels of a group.
  fileprivate func copyInput(_ group: Int, _ pass: ForwardPass) {
    Kernels.copyColumns(
      inputChannels(group), of: pass.input, stride: groups * inputs, into: pass.parts[group].input)
  }

  /// Copies the weights of a group.
  fileprivate func copyWeights(_ group: Int, _ pass: ForwardPass) {
    Kernels.copyColumns(
      outputChannels(group), of: pass.parameters[0], stride: groups * outputs,
      into: pass.parts[group].parameters[0])
  }

  fileprivate func inputChannels(_ group: Int) -> Range<Int> {
    group * inputs..<(group + 1) * inputs
  }

  fileprivate func outputChannels(_ group: Int) -> Range<Int> {
    group * outputs..<(group + 1) * outputs
  }
}

/// A convolution in groups, forward and back.
struct GroupedOperation: TrainingOperation {
  private let operation: any TrainingOperation
  private let forward: GroupedForward
  private let groups: Int
  private let groupedForward: WorkspacePiece<Workspace>
  private let inputGradient: WorkspacePiece<Float>, outputGradient: WorkspacePiece<Float>
  private let weightGradient: WorkspacePiece<Float>
  let scratch: WorkspaceLayout

  /// - Parameter plan: Of one group.
  init(_ operation: any TrainingOperation, _ plan: ConvolutionPlan, groups: Int) {
    self.operation = operation
    self.groups = groups
    forward = GroupedForward(operation, plan, groups: groups)
    var scratch = WorkspaceLayout()
    groupedForward = scratch.reserve(forward.scratch)
    inputGradient = scratch.reserve(plan.batch * plan.window.input.count)
    outputGradient = scratch.reserve(
      plan.batch * plan.window.positionCount * plan.outputChannels)
    weightGradient = scratch.reserve(plan.window.count * plan.outputChannels)
    self.scratch = scratch
  }

  var description: String { forward.description }
  var prepared: WorkspaceLayout { forward.prepared }
  var work: OperationWork { forward.work }
  var dividesBatch: Bool { true }
  /// It copies channels of the input and weights again.
  var backwardReads: BackwardReads { [.input, .prepared] }

  func bind(_ pass: ForwardPass) -> ForwardPass {
    var bound = pass
    bound.parts = forward.bind(pass.with(scratch: pass.scratch[groupedForward])).parts
    return bound
  }

  func bind(_ pass: BackwardPass) -> BackwardPass {
    var bound = pass
    let scratch = pass.forward.scratch
    bound.parts = pass.forward.parts.enumerated().map { group, part in
      operation.bind(
        BackwardPass(
          forward: part, outputGradient: scratch[outputGradient][0..<part.output.count],
          inputGradient: pass.inputGradient.map { _ in
            scratch[inputGradient][0..<part.input.count]
          },
          parameterGradients: [scratch[weightGradient]]
            + pass.parameterGradients.dropFirst().map { $0[forward.outputChannels(group)] }))
    }
    return bound
  }

  func prepare(_ pass: ForwardPass) { forward.prepare(pass) }

  func forward(_ pass: ForwardPass) { forward.forward(pass) }

  func backward(_ pass: BackwardPass) {
    let (inputs, outputs) = (forward.inputs, forward.outputs)
    for group in 0..<groups {
      let part = pass.parts[group]
      forward.copyInput(group, pass.forward)
      forward.copyWeights(group, pass.forward)
      Kernels.copyColumns(
        forward.outputChannels(group), of: pass.outputGradient, stride: groups * outputs,
        into: part.outputGradient)
      operation.backward(part)
      Kernels.copy(
        part.parameterGradients[0], intoColumns: forward.outputChannels(group),
        of: pass.parameterGradients[0], stride: groups * outputs)
      guard let source = part.inputGradient, let target = pass.inputGradient else { continue }
      Kernels.copy(
        source, intoColumns: forward.inputChannels(group), of: target, stride: groups * inputs)
    }
  }
}

extension ForwardPass {
  /// The same with other scratch memory.
  fileprivate func with(scratch: Workspace) -> ForwardPass {
    ForwardPass(
      inputShape: inputShape, outputShape: outputShape, input: input, output: output,
      parameters: parameters, statistics: statistics, saved: saved, scratch: scratch,
      prepared: prepared, phase: phase, workers: workers, batch: batch, isFrozen: isFrozen,
      isRepeated: isRepeated)
  }
}

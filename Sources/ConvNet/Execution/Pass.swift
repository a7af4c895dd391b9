public import Tensors

/// What an operation reads and writes in a forward pass over one batch.
public struct ForwardPass: Sendable {
  /// Shapes with the number of images of this batch.
  public let inputShape: Shape, outputShape: Shape
  /// Activations, batch × height × width × channels.
  public let input: FloatRegion, output: FloatRegion
  /// The arrays of the layer's slots, in order.
  public let parameters: [FloatRegion], statistics: [FloatRegion]
  /// Memory in the operation's layouts: saved for the backward pass, and scratch of undefined
  /// content.
  public let saved: Workspace, scratch: Workspace
  /// What the operation has prepared from parameters and statistics, in its layout.
  public let prepared: Workspace
  /// Training with this step's seed, or inference.
  public private(set) var phase: Phase
  /// Batches whose statistics are averaged already, if all count the same in running statistics;
  /// nil if the newest count most, as in training.
  public private(set) var averagedBatches: Int?
  /// The threads that share the work.
  public let workers: Workers
  /// The shards of the batch; those of other processes are not in this pass.
  let batch: BatchShards
  /// The passes of the operations it consists of.
  public var parts: [ForwardPass] = []
  /// Whether it runs as in inference, whatever the phase of the network.
  let isFrozen: Bool
  /// Whether it computes again what was computed before, and updates no statistics.
  let isRepeated: Bool

  init(
    inputShape: Shape, outputShape: Shape, input: FloatRegion, output: FloatRegion,
    parameters: [FloatRegion], statistics: [FloatRegion], saved: Workspace, scratch: Workspace,
    prepared: Workspace, phase: Phase, workers: Workers, batch: BatchShards? = nil,
    isFrozen: Bool = false, isRepeated: Bool = false
  ) {
    self.inputShape = inputShape
    self.outputShape = outputShape
    self.input = input
    self.output = output
    self.parameters = parameters
    self.statistics = statistics
    self.saved = saved
    self.scratch = scratch
    self.prepared = prepared
    self.phase = isFrozen ? .inference : phase
    self.workers = workers
    self.batch = batch ?? BatchShards(of: inputShape.batch, among: nil)
    self.isFrozen = isFrozen
    self.isRepeated = isRepeated
  }

  /// Sets the phase of another batch on the same memory.
  mutating func enter(_ phase: Phase, averaged: Int? = nil) {
    self.phase = isFrozen ? .inference : phase
    averagedBatches = averaged
    for index in parts.indices { parts[index].enter(self.phase, averaged: averaged) }
  }

  /// The values of one image in a region of a batch of `shape`.
  public func image(_ index: Int, of region: FloatRegion, _ shape: Shape) -> FloatRegion {
    region[index * shape.imageCount..<(index + 1) * shape.imageCount]
  }

  /// Runs `body` on the input and output of each image, shared among the workers.
  public func forEachImage(
    _ body: @Sendable (_ input: FloatRegion, _ output: FloatRegion) -> Void
  ) {
    workers.run(inputShape.batch) { index in
      body(image(index, of: input, inputShape), image(index, of: output, outputShape))
    }
  }
}

/// What an operation reads and writes in a backward pass, after the forward pass it belongs to.
public struct BackwardPass: Sendable {
  /// The forward pass; its saved memory is unchanged, and what `backwardReads` says.
  public private(set) var forward: ForwardPass
  /// Forward passes that run again before it, with their place in the sequence.
  var repeated: [(index: Int, pass: ForwardPass)] = []
  /// ∂loss/∂output.
  public let outputGradient: FloatRegion
  /// Where ∂loss/∂input goes; nil for the first layer that learns.
  public let inputGradient: FloatRegion?
  /// Where ∂loss/∂parameters goes, one region for each slot; overwritten.
  public let parameterGradients: [FloatRegion]
  /// The passes of the operations it consists of.
  public var parts: [BackwardPass] = []

  init(
    forward: ForwardPass, outputGradient: FloatRegion, inputGradient: FloatRegion?,
    parameterGradients: [FloatRegion]
  ) {
    self.forward = forward
    self.outputGradient = outputGradient
    self.inputGradient = inputGradient
    self.parameterGradients = parameterGradients
  }

  /// Sets the phase of another batch on the same memory.
  mutating func enter(_ phase: Phase) {
    forward.enter(phase)
    for index in repeated.indices { repeated[index].pass.enter(phase) }
    for index in parts.indices { parts[index].enter(forward.phase) }
  }

  /// Runs `body` on the regions of each image if the gradient of the input is needed.
  public func forEachImage(
    _ body:
      @Sendable (
        _ input: FloatRegion, _ output: FloatRegion, _ outputGradient: FloatRegion,
        _ inputGradient: FloatRegion
      ) -> Void
  ) {
    guard let inputGradient else { return }
    let pass = forward
    pass.workers.run(pass.inputShape.batch) { index in
      body(
        pass.image(index, of: pass.input, pass.inputShape),
        pass.image(index, of: pass.output, pass.outputShape),
        pass.image(index, of: outputGradient, pass.outputShape),
        pass.image(index, of: inputGradient, pass.inputShape))
    }
  }
}

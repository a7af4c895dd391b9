public import Tensors

/// What a layer is lent for a forward pass.
public struct ForwardPass: Sendable {
  /// With the number of images of this batch.
  public let inputShape: Shape, outputShape: Shape
  /// Activations, batch × height × width × channels.
  public let input: FloatRegion, output: FloatRegion
  /// The layer's own slots, in order.
  public let parameters: [FloatRegion], statistics: [FloatRegion]
  /// Numbers for the backward pass, and scratch memory of undefined content.
  public let kept: FloatRegion, scratch: FloatRegion
  /// Training with this step's seed, or inference.
  public internal(set) var phase: Phase
  /// Whoever shares the work.
  public let workers: Workers
  /// What the layers it is made of are lent.
  var inner: [ForwardPass] = []

  /// Creates a pass.
  public init(
    inputShape: Shape, outputShape: Shape, input: FloatRegion, output: FloatRegion,
    parameters: [FloatRegion], statistics: [FloatRegion], kept: FloatRegion, scratch: FloatRegion,
    phase: Phase, workers: Workers
  ) {
    self.inputShape = inputShape
    self.outputShape = outputShape
    self.input = input
    self.output = output
    self.parameters = parameters
    self.statistics = statistics
    self.kept = kept
    self.scratch = scratch
    self.phase = phase
    self.workers = workers
  }

  /// Lends the same for another batch.
  mutating func enter(_ phase: Phase) {
    self.phase = phase
    for index in inner.indices { inner[index].enter(phase) }
  }

  /// The numbers of one image in a region of a batch.
  func image(_ index: Int, of region: FloatRegion, _ shape: Shape) -> FloatRegion {
    region[index * shape.imageCount..<(index + 1) * shape.imageCount]
  }

  /// Runs `body` on the input and output of each image.
  func forEachImage(_ body: @Sendable (_ input: FloatRegion, _ output: FloatRegion) -> Void) {
    workers.run(inputShape.batch) { index in
      body(image(index, of: input, inputShape), image(index, of: output, outputShape))
    }
  }
}

/// What a layer is lent for a backward pass, after the forward pass it belongs to.
public struct BackwardPass: Sendable {
  /// What the forward pass was lent; input, output and kept numbers are unchanged.
  public internal(set) var forward: ForwardPass
  /// ∂loss/∂output.
  public let outputGradient: FloatRegion
  /// Where ∂loss/∂input goes; nil for the first layer that learns.
  public let inputGradient: FloatRegion?
  /// Where ∂loss/∂parameters go, one region for each slot; overwritten.
  public let parameterGradients: [FloatRegion]
  /// What the layers it is made of are lent.
  var inner: [BackwardPass] = []

  /// Creates a pass.
  public init(
    forward: ForwardPass, outputGradient: FloatRegion, inputGradient: FloatRegion?,
    parameterGradients: [FloatRegion]
  ) {
    self.forward = forward
    self.outputGradient = outputGradient
    self.inputGradient = inputGradient
    self.parameterGradients = parameterGradients
  }

  /// Lends the same for another batch.
  mutating func enter(_ phase: Phase) {
    forward.enter(phase)
    for index in inner.indices { inner[index].enter(phase) }
  }

  /// Runs `body` on the regions of each image, if anybody needs the gradient of the input.
  func forEachImage(
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

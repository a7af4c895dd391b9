public import Tensors

/// Whether a layer may behave randomly and learn statistics; inference cannot.
public enum Phase: Hashable, Sendable {
  /// The seed names this step; each layer derives its own draws from it.
  case training(seed: UInt64)
  case inference
}

/// One step of a network: a description of its geometry, without numbers of its own.
///
/// The numbers it learns, the statistics it keeps and the memory it works in are lent to it for
/// each pass. Batches are cut into shards by their size alone, so that results do not depend on
/// how many workers there are.
public protocol Layer: Sendable {
  /// The layer as written in an architecture: `conv 32 3x3`, `relu`.
  var token: String { get }

  /// The shape of the output for one image.
  ///
  /// - Throws: `ArchitectureError.doesNotFit` when the input is too small for the layer.
  func outputShape(for input: Shape) throws(ArchitectureError) -> Shape

  /// The arrays the optimizer changes, named as in PyTorch.
  func parameters(for input: Shape) -> [ParameterSlot]

  /// The arrays the layer itself keeps while training, such as running statistics.
  func statistics(for input: Shape) -> [ParameterSlot]

  /// Numbers kept from a forward pass to its backward pass besides input and output.
  func keptCount(for input: Shape) -> Int

  /// Numbers of scratch memory one pass over a batch needs.
  func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int

  /// Multiplications with an addition in a forward pass over one image; work that is not a weighted
  /// sum, such as normalization or pooling, is not counted.
  func multiplyAdds(for input: Shape) -> Int

  /// Fills fresh parameters and statistics, each slot in file order.
  func initialValue(of slot: ParameterSlot, using generator: inout SeededGenerator) -> [Float]

  /// The layer as it is run on batches of this shape, with whatever it contains.
  ///
  /// - Parameter trains: Whether there will be training and backward passes.
  func planned(
    on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
  ) -> any Layer

  /// Writes the output.
  func forward(_ pass: ForwardPass)

  /// Writes the gradient with respect to the input, unless nobody needs it, and the gradients of
  /// the parameters.
  func backward(_ pass: BackwardPass)
}

extension Layer {
  public func parameters(for input: Shape) -> [ParameterSlot] { [] }
  public func statistics(for input: Shape) -> [ParameterSlot] { [] }
  public func keptCount(for input: Shape) -> Int { 0 }
  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int { 0 }
  public func multiplyAdds(for input: Shape) -> Int { 0 }
  public func planned(
    on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
  ) -> any Layer { self }
  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    [Float](repeating: 0, count: slot.count)
  }
}

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

/// Runs of neighbouring things whose sizes differ by at most one.
struct Shards: RandomAccessCollection, Sendable {
  private let total: Int
  let endIndex: Int
  let startIndex = 0

  /// Cuts `total` things into at most `limit` runs, at least one.
  init(of total: Int, atMost limit: Int) {
    self.total = total
    endIndex = Swift.max(1, Swift.min(total, limit))
  }

  subscript(index: Int) -> Range<Int> {
    total * index / endIndex..<total * (index + 1) / endIndex
  }
}

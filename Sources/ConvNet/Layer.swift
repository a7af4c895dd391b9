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

  /// The pass together with those of the layers it is made of, lent once for many batches.
  func lending(_ pass: ForwardPass) -> ForwardPass

  /// The same for a backward pass, whose forward pass has them.
  func lending(_ pass: BackwardPass) -> BackwardPass

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
  public func lending(_ pass: ForwardPass) -> ForwardPass { pass }
  public func lending(_ pass: BackwardPass) -> BackwardPass { pass }
  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    [Float](repeating: 0, count: slot.count)
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

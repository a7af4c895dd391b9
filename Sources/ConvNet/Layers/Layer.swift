public import Tensors

/// Training, in which layers may behave randomly and update statistics, or inference.
public enum Phase: Hashable, Sendable {
  /// The seed identifies the step; each layer derives its own draws from it.
  case training(seed: UInt64)
  case inference
}

/// One layer of a network as written: a description of its geometry, without values.
///
/// What runs is an operation that `compile` or `compileForTraining` makes from it. Shapes are those
/// of one image. A layer of your own needs its `text`, its output shape and `compileForTraining`;
/// to be read from text it also needs a `LayerEntry` in a `LayerCatalogue`.
public protocol Layer: Sendable {
  /// The layer as written in an architecture: `conv 32 3x3`, `relu`.
  var text: String { get }

  /// The layers it contains.
  var layers: [any Layer] { get }

  /// The shape of the output for one image.
  ///
  /// - Throws: `ArchitectureError.doesNotFit` if the input is too small for the layer.
  func outputShape(for input: Shape) throws(ArchitectureError) -> Shape

  /// The arrays the optimizer changes, named as in PyTorch.
  func parameters(for input: Shape) -> [ParameterSlot]

  /// The arrays the layer itself updates while training, such as running statistics.
  func statistics(for input: Shape) -> [ParameterSlot]

  /// The initial values of a slot of parameters or statistics, in file order.
  func initialValue(of slot: ParameterSlot, using generator: inout SeededGenerator) -> [Float]

  /// Multiply-adds of a forward pass over one image; work that is not a weighted sum, such as
  /// normalization or pooling, is not counted.
  func multiplyAdds(for input: Shape) -> Int

  /// What runs in inference, by default the operation for training.
  func compile(_ context: CompileContext) -> any ForwardOperation

  /// What runs in training.
  func compileForTraining(_ context: CompileContext) -> any TrainingOperation
}

extension Layer {
  public var layers: [any Layer] { [] }
  public func parameters(for input: Shape) -> [ParameterSlot] { [] }
  public func statistics(for input: Shape) -> [ParameterSlot] { [] }
  public func multiplyAdds(for input: Shape) -> Int { 0 }
  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    [Float](repeating: 0, count: slot.count)
  }
  public func compile(_ context: CompileContext) -> any ForwardOperation {
    compileForTraining(context)
  }

  /// The number of layers: itself and all layers inside.
  var layerCount: Int { layers.reduce(1) { $0 + $1.layerCount } }
}

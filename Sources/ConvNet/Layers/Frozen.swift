public import Tensors

/// A layer whose values stay as they are: no gradients, no updates, no weight decay.
///
/// Its arrays are counted among the statistics, which no optimizer sees. The layer always runs as
/// in inference: batch normalization uses its running statistics without updating them, and dropout
/// passes everything.
public struct Frozen: Layer {
  /// The layer that is frozen.
  public let layer: any Layer

  /// Freezes a layer.
  public init(_ layer: any Layer) { self.layer = layer }

  public var text: String { "\(layer.text) \(LayerEntry.frozen)" }

  public var layers: [any Layer] { layer.layers }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    try layer.outputShape(for: input)
  }

  public func statistics(for input: Shape) -> [ParameterSlot] {
    layer.parameters(for: input) + layer.statistics(for: input)
  }

  public func multiplyAdds(for input: Shape) -> Int { layer.multiplyAdds(for: input) }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    layer.initialValue(of: slot, using: &generator)
  }

  public func compile(_ context: CompileContext) -> any ForwardOperation {
    FrozenForward(
      operation: layer.compile(context), parameterCount: layer.parameters(for: context.input).count)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    FrozenOperation(
      layer.compileForTraining(context), parameters: layer.parameters(for: context.input))
  }
}

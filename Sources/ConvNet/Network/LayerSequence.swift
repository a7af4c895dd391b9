public import Tensors

/// Layers in order on images of one size, with their shapes, arrays and places.
///
/// A network is a sequence, and so is each branch of a residual block.
public struct LayerSequence: Sendable {
  /// The layers in order.
  public let layers: [any Layer]
  /// The input shape of each layer, followed by the output shape; for one image.
  public let shapes: [Shape]
  /// The arrays of all layers, named by place: `0.weight`, ….
  public let parameters: [ParameterSlot], statistics: [ParameterSlot]
  /// The positions of the arrays of each layer.
  let parameterSlots: [Range<Int>], statisticSlots: [Range<Int>]

  /// Computes all shapes and arrays.
  ///
  /// - Throws: `ArchitectureError` if a layer does not fit its input.
  public init(_ layers: [any Layer], on input: Shape) throws(ArchitectureError) {
    self.layers = layers
    var shapes = [input.batch(1)]
    var parameters: [ParameterSlot] = []
    var statistics: [ParameterSlot] = []
    var parameterSlots: [Range<Int>] = []
    var statisticSlots: [Range<Int>] = []
    for (index, layer) in layers.enumerated() {
      let input = shapes[index]
      shapes.append(try layer.outputShape(for: input).batch(1))
      let learned = layer.parameters(for: input).map { $0.named(in: "\(index)") }
      parameterSlots.append(parameters.count..<parameters.count + learned.count)
      parameters += learned
      let updated = layer.statistics(for: input).map { $0.named(in: "\(index)") }
      statisticSlots.append(statistics.count..<statistics.count + updated.count)
      statistics += updated
    }
    self.shapes = shapes
    self.parameters = parameters
    self.statistics = statistics
    self.parameterSlots = parameterSlots
    self.statisticSlots = statisticSlots
  }

  /// The shape of the output for one image.
  public var output: Shape { shapes[layers.count] }

  /// Multiply-adds of one layer, for one image.
  func multiplyAdds(ofLayer index: Int) -> Int { layers[index].multiplyAdds(for: shapes[index]) }

  /// Those of all layers.
  var multiplyAdds: Int { layers.indices.reduce(0) { $0 + multiplyAdds(ofLayer: $1) } }

  /// The first layer with parameters; no gradient is needed below it.
  var firstLearningLayer: Int { parameterSlots.firstIndex { !$0.isEmpty } ?? layers.count }

  /// What runs in inference.
  ///
  /// - Parameter holdsInput: Whether the input lies in the sequence's own memory.
  func compile(_ context: CompileContext, holdsInput: Bool = false) -> ForwardSequence {
    ForwardSequence(
      compiled(context, FusionRule.inference) { $0.compile($1) }, of: self,
      batch: context.input.batch, savesActivations: false, holdsInput: holdsInput)
  }

  /// What runs in training.
  func compileForTraining(
    _ context: CompileContext, holdsInput: Bool = false
  ) -> TrainingSequence {
    TrainingSequence(
      compiled(context, FusionRule.training) { $0.compileForTraining($1) }, of: self,
      batch: context.input.batch, holdsInput: holdsInput)
  }

  /// Compiles the layers from each place by the first rule that matches, or one layer by itself.
  private func compiled<Operation>(
    _ context: CompileContext, _ rules: [FusionRule<Operation>],
    one: (any Layer, CompileContext) -> Operation
  ) -> [Compiled<Operation>] {
    // The reference runs every layer by itself.
    let rules = context.convolution == .im2col ? [] : rules
    var operations: [Compiled<Operation>] = []
    var (index, place) = (0, context.place)
    while index < layers.count {
      let context = context.on(shapes[index], place: place)
      let fused = rules.lazy.compactMap { $0.apply(layers[index...], context) }.first
      let next = index + (fused?.layerCount ?? 1)
      operations.append(
        Compiled(operation: fused?.operation ?? one(layers[index], context), layers: index..<next))
      place += layers[index..<next].reduce(0) { $0 + $1.layerCount }
      index = next
    }
    return operations
  }
}

/// An operation and the layers it stands for.
struct Compiled<Operation> {
  let operation: Operation
  let layers: Range<Int>
}

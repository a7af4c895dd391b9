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
    guard Self.count([input.height, input.width, input.channels]) != nil else {
      throw .tooLarge(layer: "an image of \(input)")
    }
    var shapes = [input.batch(1)]
    var parameters: [ParameterSlot] = []
    var statistics: [ParameterSlot] = []
    var parameterSlots: [Range<Int>] = []
    var statisticSlots: [Range<Int>] = []
    var total = 0
    for (index, layer) in layers.enumerated() {
      let fitted = try layer.fitted(to: shapes[index])
      try Self.check(fitted, of: layer, total: &total)
      shapes.append(fitted.output.batch(1))
      let learned = fitted.parameters.map { $0.named(in: "\(index)") }
      parameterSlots.append(parameters.count..<parameters.count + learned.count)
      parameters += learned
      let updated = fitted.statistics.map { $0.named(in: "\(index)") }
      statisticSlots.append(statistics.count..<statistics.count + updated.count)
      statistics += updated
    }
    self.shapes = shapes
    self.parameters = parameters
    self.statistics = statistics
    self.parameterSlots = parameterSlots
    self.statisticSlots = statisticSlots
  }

  /// The most elements an array may have, all arrays of a network together and the output of a
  /// layer for one image: BLAS counts in 32 bits.
  static let largest = Int(Int32.max)

  /// Refuses what cannot be counted, before anything is computed from it.
  private static func check(
    _ fitted: FittedLayer, of layer: any Layer, total: inout Int
  ) throws(ArchitectureError) {
    let output = fitted.output
    guard count([output.height, output.width, output.channels]) != nil else {
      throw .tooLarge(layer: layer.text)
    }
    for slot in fitted.parameters + fitted.statistics {
      guard let count = count(slot.shape), total + count <= largest else {
        throw .tooLarge(layer: layer.text)
      }
      total += count
    }
  }

  /// The product of extents; nil if it is more than an array may have.
  private static func count(_ extents: [Int]) -> Int? {
    extents.reduce(1) { count, extent in
      guard let count, extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      return overflow || product > largest ? nil : product
    }
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
      batch: context.input.batch, holdsInput: holdsInput)
  }

  /// What runs in the training of a branch.
  func compileForTraining(_ context: CompileContext) -> TrainingSequence {
    let sequence = TrainingSequence(source(context, isNetwork: false))
    return context.repeatsCheapOperations ? sequence.repeatingCheapOperations() : sequence
  }

  /// What runs in the training of a network.
  ///
  /// - Parameters:
  ///   - differentiatesInput: Whether the gradient of the images is computed.
  ///   - keepsOutputs: Whether all outputs are there at the end of the forward passes.
  ///   - limit: Floats that its memory may have, if it can be done with as many; nil to compute
  ///     nothing twice.
  func compileForTraining(
    _ context: CompileContext, differentiatesInput: Bool, keepsOutputs: Bool, limit: Int?
  ) -> TrainingSequence {
    func sequence(_ context: CompileContext) -> TrainingSequence {
      TrainingSequence(
        source(
          context, isNetwork: true, differentiatesInput: differentiatesInput,
          keepsOutputs: keepsOutputs))
    }
    let largest = sequence(context)
    guard let limit, largest.scratch.count > limit else { return largest }
    var context = context
    context.repeatsCheapOperations = true
    return sequence(context).reduced(to: limit)
  }

  private func source(
    _ context: CompileContext, isNetwork: Bool, differentiatesInput: Bool = true,
    keepsOutputs: Bool = false
  ) -> TrainingSequence.Source {
    let operations = compiled(context, FusionRule.training) { $0.compileForTraining($1) }
    let learning = operations.firstIndex { $0.layers.upperBound > firstLearningLayer }
    return TrainingSequence.Source(
      operations: operations, layers: self, batch: context.input.batch, holdsInput: isNetwork,
      keepsOutputs: keepsOutputs,
      first: differentiatesInput ? 0 : learning ?? operations.count)
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

extension Compiled: Sendable where Operation: Sendable {}

/// The output and the arrays of a layer on one input.
struct FittedLayer {
  var output: Shape
  var parameters: [ParameterSlot], statistics: [ParameterSlot]
}

extension Layer {
  /// Fits the layer to an input.
  ///
  /// The branches of a block are fitted once; each of its properties by itself would fit them
  /// again, and those of blocks inside once more for every level.
  fileprivate func fitted(to input: Shape) throws(ArchitectureError) -> FittedLayer {
    if let block = self as? Residual { return try block.fitted(to: input) }
    if let frozen = self as? Frozen {
      let fitted = try frozen.layer.fitted(to: input)
      return FittedLayer(
        output: fitted.output, parameters: [], statistics: fitted.parameters + fitted.statistics)
    }
    return FittedLayer(
      output: try outputShape(for: input), parameters: parameters(for: input),
      statistics: statistics(for: input))
  }
}

extension Residual {
  fileprivate func fitted(to input: Shape) throws(ArchitectureError) -> FittedLayer {
    let (body, shortcut) = try branches(for: input)
    return FittedLayer(
      output: try output(of: body, and: shortcut),
      parameters: slots(body, shortcut, \.parameters),
      statistics: slots(body, shortcut, \.statistics))
  }
}

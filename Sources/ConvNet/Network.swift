public import Tensors

/// A network for images of one size: layers, shapes and the layout of its numbers, without the numbers.
public struct Network: Sendable {
  /// As it was written.
  public let architecture: Architecture
  /// One image: size × size × 3.
  public let inputShape: Shape
  /// Logits per image.
  public let classCount: Int
  /// The layers in order.
  public let layers: [any Layer]
  /// The shape that reaches each layer, and at the end that of the logits.
  public let shapes: [Shape]
  /// What the optimizer changes: `0.weight`, …, in order of the layers.
  public let parameterLayout: ParameterLayout
  /// What layers keep while training: `1.running_mean`, ….
  public let statisticLayout: ParameterLayout
  /// For each layer the numbers of its slots in the layouts.
  let parameterSlots: [Range<Int>], statisticSlots: [Range<Int>]

  /// Fits an architecture to images and classes.
  ///
  /// - Throws: `ArchitectureError` when a layer does not fit on what reaches it.
  public init(
    _ architecture: Architecture, imageSize: Int, classCount: Int
  ) throws(ArchitectureError) {
    self.architecture = architecture
    self.classCount = classCount
    inputShape = Shape(height: imageSize, width: imageSize, channels: 3)
    layers = try architecture.makeLayers(classCount: classCount)
    var shapes = [inputShape]
    var parameters: [ParameterSlot] = []
    var statistics: [ParameterSlot] = []
    var parameterSlots: [Range<Int>] = []
    var statisticSlots: [Range<Int>] = []
    for (index, layer) in layers.enumerated() {
      let input = shapes[index]
      shapes.append(try layer.outputShape(for: input))
      let own = layer.parameters(for: input).map { $0.named(in: "\(index)") }
      parameterSlots.append(parameters.count..<parameters.count + own.count)
      parameters += own
      let kept = layer.statistics(for: input).map { $0.named(in: "\(index)") }
      statisticSlots.append(statistics.count..<statistics.count + kept.count)
      statistics += kept
    }
    self.shapes = shapes
    self.parameterSlots = parameterSlots
    self.statisticSlots = statisticSlots
    parameterLayout = ParameterLayout(parameters)
    statisticLayout = ParameterLayout(statistics)
  }

  /// Fresh parameters and statistics; each slot draws from a stream of its own.
  public func initialValues(
    seed: UInt64
  ) -> (parameters: ParameterVector, statistics: ParameterVector) {
    var parameters = ParameterVector(parameterLayout)
    var statistics = ParameterVector(statisticLayout)
    for (index, layer) in layers.enumerated() {
      for (position, slot) in layer.parameters(for: shapes[index]).enumerated() {
        var generator = SeededGenerator(seed: seed, stream: UInt64(index), UInt64(position))
        parameters[slot: parameterSlots[index].lowerBound + position] =
          layer.initialValue(of: slot, using: &generator)
      }
      for (position, slot) in layer.statistics(for: shapes[index]).enumerated() {
        var generator = SeededGenerator(
          seed: seed, stream: UInt64(index), UInt64(parameterSlots[index].count + position))
        statistics[slot: statisticSlots[index].lowerBound + position] =
          layer.initialValue(of: slot, using: &generator)
      }
    }
    return (parameters, statistics)
  }

  /// The first layer with parameters; nobody needs a gradient below it.
  var firstLearningLayer: Int { parameterSlots.firstIndex { !$0.isEmpty } ?? layers.count }
}

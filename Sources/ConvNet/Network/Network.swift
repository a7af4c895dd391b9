public import Tensors

/// A network for images of one size: layers, shapes and the layout of its values, without the
/// values.
public struct Network: Sendable {
  /// As it was written.
  public let architecture: Architecture
  /// One image: size × size × 3.
  public let inputShape: Shape
  /// Logits per image.
  public let classCount: Int
  /// What the optimizer changes: `0.weight`, …, in order of the layers.
  public let parameterLayout: ParameterLayout
  /// What layers update while training: `1.running_mean`, ….
  public let statisticLayout: ParameterLayout
  let sequence: LayerSequence

  /// The layers in order.
  public var layers: [any Layer] { sequence.layers }
  /// The shape that reaches each layer, and at the end that of the logits.
  public var shapes: [Shape] { sequence.shapes }

  /// Fits an architecture to images and classes.
  ///
  /// - Throws: `ArchitectureError` when a layer does not fit on what reaches it.
  public init(
    _ architecture: Architecture, imageSize: Int, classCount: Int
  ) throws(ArchitectureError) {
    self.architecture = architecture
    self.classCount = classCount
    inputShape = Shape(height: imageSize, width: imageSize, channels: 3)
    sequence = try LayerSequence(architecture.layers(classCount: classCount), on: inputShape)
    parameterLayout = ParameterLayout(sequence.parameters)
    statisticLayout = ParameterLayout(sequence.statistics)
  }

  /// Fits layers written in Swift to images and classes; the last is `Dense()`.
  ///
  /// ```swift
  /// let network = try Network(imageSize: 64, classCount: 2) {
  ///   Convolution(32)
  ///   Rectifier()
  ///   Pooling(.average)
  ///   Flatten()
  ///   Dense()
  /// }
  /// ```
  ///
  /// - Throws: `ArchitectureError` when a layer does not fit on what reaches it, or the last layer,
  ///   and only the last, is not `Dense()`.
  public init(
    imageSize: Int, classCount: Int, @LayerBuilder _ layers: () -> [any Layer]
  ) throws(ArchitectureError) {
    try self.init(Architecture(layers()), imageSize: imageSize, classCount: classCount)
  }

  /// Fresh parameters and statistics; each slot draws from a stream of its own.
  public func initialValues(
    seed: UInt64
  ) -> (parameters: ParameterVector, statistics: ParameterVector) {
    var parameters = ParameterVector(parameterLayout)
    var statistics = ParameterVector(statisticLayout)
    for (index, layer) in layers.enumerated() {
      let (learned, updated) = (sequence.parameterSlots[index], sequence.statisticSlots[index])
      for (position, slot) in layer.parameters(for: shapes[index]).enumerated() {
        var generator = SeededGenerator(seed: seed, stream: UInt64(index), UInt64(position))
        parameters[slot: learned.lowerBound + position] =
          layer.initialValue(of: slot, using: &generator)
      }
      for (position, slot) in layer.statistics(for: shapes[index]).enumerated() {
        var generator = SeededGenerator(
          seed: seed, stream: UInt64(index), UInt64(learned.count + position))
        statistics[slot: updated.lowerBound + position] =
          layer.initialValue(of: slot, using: &generator)
      }
    }
    return (parameters, statistics)
  }
}

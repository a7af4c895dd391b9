public import Tensors

/// A network for images of one size: its layers, shapes and the layout of its values, but not the
/// values.
public struct Network: Sendable {
  /// The architecture as written.
  public let architecture: Architecture
  /// One image: size × size × 3, unless another shape was given.
  public let inputShape: Shape
  /// Logits per image.
  public let classCount: Int
  /// What the optimizer changes: `0.weight`, …, in the order of the layers.
  public let parameterLayout: ParameterLayout
  /// What layers update while training: `1.running_mean`, ….
  public let statisticLayout: ParameterLayout
  let sequence: LayerSequence

  /// The layers in order.
  public var layers: [any Layer] { sequence.layers }
  /// The input shape of each layer, followed by the shape of the logits.
  public var shapes: [Shape] { sequence.shapes }

  /// Fits an architecture to images and classes.
  ///
  /// - Throws: `ArchitectureError` if a layer does not fit its input.
  public init(
    _ architecture: Architecture, imageSize: Int, classCount: Int
  ) throws(ArchitectureError) {
    try self.init(
      architecture, inputShape: Shape(height: imageSize, width: imageSize, channels: 3),
      classCount: classCount)
  }

  /// Fits an architecture to inputs of any shape, such as a vector of two numbers (1×1×2).
  ///
  /// - Throws: `ArchitectureError` if a layer does not fit its input.
  public init(
    _ architecture: Architecture, inputShape: Shape, classCount: Int
  ) throws(ArchitectureError) {
    self.architecture = architecture
    self.classCount = classCount
    self.inputShape = inputShape
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
  /// - Throws: `ArchitectureError` if a layer does not fit its input, or unless the last layer, and
  ///   only the last, is `Dense()`.
  public init(
    imageSize: Int, classCount: Int, @LayerBuilder _ layers: () -> [any Layer]
  ) throws(ArchitectureError) {
    try self.init(Architecture(layers()), imageSize: imageSize, classCount: classCount)
  }

  /// The layer to which an array of the parameters belongs; nil if there is no such array.
  public func layer(ofParameterSlot slot: Int) -> Int? {
    sequence.parameterSlots.firstIndex { $0.contains(slot) }
  }

  /// Initial parameters and statistics; each slot draws from its own stream.
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

internal import ConvNet
internal import Tensors

/// How much a step changed one array of a network.
public struct LayerUpdate: Equatable, Sendable {
  /// The array, such as `3.weight`, and the layer as it is written.
  public let name: String, layer: String
  /// ‖change‖ / ‖values before‖; about 0.001 is usual, 0.1 is much.
  public let ratio: Double

  /// The largest relative change among the arrays with more than one axis.
  ///
  /// Vectors, such as biases that begin at 0, have no size that a change could be compared with.
  ///
  /// - Returns: Nil if there is no such array, or if none had a value other than 0.
  static func largest(
    from before: ParameterVector, to after: ParameterVector, layers: [(index: Int, text: String)]
  ) -> LayerUpdate? {
    let (old, new) = (before.scalars, after.scalars)
    let updates = zip(before.layout.slots, before.layout.ranges).compactMap {
      slot, range -> (name: String, ratio: Double)? in
      guard slot.shape.count > 1 else { return nil }
      var (change, size) = (Float(0), Float(0))
      for index in range {
        let difference = new[index] - old[index]
        change += difference * difference
        size += old[index] * old[index]
      }
      return size > 0 ? (slot.name, Double(change / size).squareRoot()) : nil
    }
    guard let largest = updates.max(by: { $0.ratio < $1.ratio }) else { return nil }
    let index = largest.name.prefix { $0.isNumber }
    let layer = layers.first { "\($0.index)" == index }
    return LayerUpdate(name: largest.name, layer: layer?.text ?? "", ratio: largest.ratio)
  }
}

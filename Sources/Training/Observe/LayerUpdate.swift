internal import ConvNet
internal import Tensors

/// How much a step changed one array of a network.
public struct LayerUpdate: Equatable, Sendable {
  /// The array, such as `3.weight`, and the layer as it is written.
  public let name: String, layer: String
  /// ‖change‖ / ‖values before‖; about 0.001 is usual, 0.1 is much.
  public let ratio: Double

  /// The largest relative change among arrays.
  ///
  /// - Returns: Nil if there is no array, or if none had a value other than 0.
  static func largest(of layers: [LayerRecord], _ network: Network) -> LayerUpdate? {
    let measured = layers.compactMap { row in row.updateRatio.map { (row.array, $0) } }
    guard let (array, ratio) = measured.max(by: { $0.1 < $1.1 }) else { return nil }
    let layer = network.layer(ofParameterSlot: array).map { network.layers[$0].text }
    return LayerUpdate(
      name: network.parameterLayout.slots[array].name, layer: layer ?? "", ratio: ratio)
  }
}

internal import Tensors

/// Normal numbers of standard deviation gain·√(2/inputs), or zeros for a bias.
///
/// Keeps the size of activations from layer to layer when rectifiers halve them.
///
/// - Source: He et al., 2015, arXiv:1502.01852.
func heInitialization(
  of slot: ParameterSlot, gain: Float = 1, using generator: inout SeededGenerator
) -> [Float] {
  guard slot.shape.count > 1 else { return [Float](repeating: 0, count: slot.count) }
  let inputs = slot.shape.dropFirst().reduce(1, *)
  let deviation = gain * (2 / Float(inputs)).squareRoot()
  return (0..<slot.count).map { _ in deviation * generator.nextNormal() }
}

internal import Foundation
internal import Tensors

/// How initial weights are drawn; biases start at zero.
public enum Initialization: String, CaseIterable, Hashable, Sendable {
  /// Normal values of standard deviation √(2/inputs): keeps the size of activations from layer to
  /// layer when rectifiers halve them (He et al., 2015, arXiv:1502.01852).
  case he
  /// Uniform values within ±√(6/(inputs + outputs)): keeps the size of activations and gradients
  /// where the nonlinearity is nearly linear (Glorot & Bengio, 2010).
  case glorot
  /// The first filters, as many as there are input channels, each pass one channel unchanged, so
  /// that an untrained network is nearly the identity; others are drawn as by `he` (Jordan, 2024,
  /// arXiv:2404.00498).
  case dirac
  /// The main directions in which patches of the training images vary, scaled to variance 1, and
  /// their negatives; drawn as by `he` until `Network.whiten` sets them.
  case whitening

  /// Initial values in file order.
  ///
  /// - Parameter gain: Multiplies the values.
  func values(
    of slot: ParameterSlot, gain: Float = 1, using generator: inout SeededGenerator
  ) -> [Float] {
    guard slot.shape.count > 1 else { return [Float](repeating: 0, count: slot.count) }
    let taps = slot.shape.dropFirst(2).reduce(1, *)
    let (inputs, outputs) = (slot.shape[1] * taps, slot.shape[0] * taps)
    switch self {
    case .he, .whitening:
      let deviation = gain * (2 / Float(inputs)).squareRoot()
      return (0..<slot.count).map { _ in deviation * generator.nextNormal() }
    case .glorot:
      let limit = gain * (6 / Float(inputs + outputs)).squareRoot()
      return (0..<slot.count).map { _ in limit * Float(2 * generator.nextUniform() - 1) }
    case .dirac:
      var values = Self.he.values(of: slot, gain: gain, using: &generator)
      let center = slot.shape.count < 4 ? 0 : slot.shape[2] / 2 * slot.shape[3] + slot.shape[3] / 2
      for filter in 0..<min(slot.shape[0], slot.shape[1]) {
        for index in 0..<inputs { values[filter * inputs + index] = 0 }
        values[filter * inputs + filter * taps + center] = 1
      }
      return values
    }
  }
}

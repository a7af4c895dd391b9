/// Why a network is not written down number by number.
package enum BackpropagationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It has more parameters than a person can follow.
  case tooManyParameters(Int, limit: Int)
  /// It computes more numbers than a person can follow, inputs among them.
  case tooManyValues(Int, limit: Int)
  /// The formulas of this layer are not known.
  case unknownLayer(String)
  /// The loss, a gradient or a finite difference is not finite.
  case notFinite

  package var description: String {
    switch self {
    case .tooManyParameters(let count, let limit):
      "the network has \(count) parameters, and at most \(limit) can be followed; give it fewer "
        + "layers or outputs, or a smaller input"
    case .tooManyValues(let count, let limit):
      "the network computes \(count) numbers from its input, and at most \(limit) can be followed; "
        + "give it a smaller input or fewer layers"
    case .unknownLayer(let layer):
      "'\(layer)' is not known number by number; there are dense, conv, depthwise, batchnorm, "
        + "activations, pooling, flatten and dropout"
    case .notFinite:
      "the loss or how it changes is not finite; give smaller inputs or parameters"
    }
  }
}

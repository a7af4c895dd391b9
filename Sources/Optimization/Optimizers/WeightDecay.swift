public import Tensors

/// The pull of weights toward 0, and which parameters it applies to.
///
/// An optimizer goes through `parts` and adds λθ to the gradient, or subtracts ηλθ from the
/// parameters, as it defines.
public struct WeightDecay: Hashable, Sendable {
  /// A run of parameters with the same decay.
  public struct Part: Hashable, Sendable {
    /// Where they lie in the vector of parameters.
    public var range: Range<Int>
    /// λ ≥ 0.
    public var strength: Float
  }

  /// λ ≥ 0.
  public let strength: Float
  /// All parameters that are trained, in order; others stay unchanged.
  public let parts: [Part]

  /// Decides which parameters decay.
  ///
  /// - Parameters:
  ///   - strength: λ ≥ 0.
  ///   - layout: Where the arrays lie. Biases, and scales and shifts of normalizations, are those
  ///     with one extent.
  ///   - sparesVectors: Whether arrays with one extent do not decay.
  ///   - covered: The arrays that are included at all.
  public init(
    _ strength: Float, layout: ParameterLayout, sparesVectors: Bool,
    covering covered: (ParameterSlot) -> Bool = { _ in true }
  ) {
    self.strength = strength
    var parts: [Part] = []
    for (slot, range) in zip(layout.slots, layout.ranges) where covered(slot) {
      let own = sparesVectors && slot.shape.count < 2 ? 0 : strength
      if let last = parts.last, last.strength == own, last.range.upperBound == range.lowerBound {
        parts[parts.count - 1].range = last.range.lowerBound..<range.upperBound
      } else {
        parts.append(Part(range: range, strength: own))
      }
    }
    self.parts = parts
  }
}

extension WeightDecay {
  /// λ of the parameter at a place.
  public func strength(at place: Int) -> Float {
    parts.first { $0.range.contains(place) }?.strength ?? 0
  }
}

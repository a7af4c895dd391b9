internal import Tensors

/// The pull of weights towards 0, and which numbers feel it.
struct WeightDecay: Hashable, Sendable {
  /// A run of parameters that are pulled alike.
  struct Part: Hashable, Sendable {
    var range: Range<Int>
    /// λ ≥ 0.
    var strength: Float
  }

  /// λ ≥ 0.
  let strength: Float
  /// In order; parameters outside are left alone altogether.
  let parts: [Part]

  /// Decides what is pulled.
  ///
  /// - Parameters:
  ///   - strength: λ ≥ 0.
  ///   - layout: Where the arrays lie. Biases, and scales and shifts of normalizations, are those
  ///     with one extent.
  ///   - sparesVectors: Whether arrays with one extent are left alone.
  ///   - covered: The arrays that take part at all.
  init(
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
  func strength(at place: Int) -> Float {
    parts.first { $0.range.contains(place) }?.strength ?? 0
  }
}

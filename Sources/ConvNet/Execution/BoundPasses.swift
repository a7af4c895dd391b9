internal import Tensors

/// Passes of all operations, and the arrays they work on.
struct BoundPasses<Pass> {
  let arrays: Arrays
  var passes: [Pass]
}

/// The arrays of a network for one batch.
struct Arrays {
  /// Images.
  let count: Int
  let parameters: FloatRegion, statistics: FloatRegion
  /// Of the parameters; nil for a forward pass.
  let gradients: FloatRegion?

  init(
    _ count: Int, _ parameters: FloatRegion, _ statistics: FloatRegion,
    _ gradients: FloatRegion? = nil
  ) {
    self.count = count
    (self.parameters, self.statistics, self.gradients) = (parameters, statistics, gradients)
  }

  func isSame(as other: Arrays) -> Bool {
    guard
      count == other.count && parameters.isSame(as: other.parameters)
        && statistics.isSame(as: other.statistics)
    else { return false }
    switch (gradients, other.gradients) {
    case (let own?, let other?): return own.isSame(as: other)
    case (nil, nil): return true
    default: return false
    }
  }
}

extension ParameterLayout {
  /// The array of each slot.
  func slices(of region: FloatRegion) -> [FloatRegion] { ranges.map { region[$0] } }
}

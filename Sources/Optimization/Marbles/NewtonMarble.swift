/// Newton's method: steps to the bottom of the paraboloid that touches the surface.
///
/// Along directions of negative curvature the step goes downhill: the absolute values of the
/// Hessian's eigenvalues are used.
struct NewtonMarble: Marble {
  var place: [Double]

  mutating func step(on slope: Slope) {
    let gradient = slope.gradient(at: place)
    var change = [Double](repeating: 0, count: place.count)
    for (value, vector) in eigen(slope.surface.hessian(at: place)) where abs(value) > 1e-12 {
      change = moved(change, vector, -dot(gradient, vector) / abs(value))
    }
    let length = BacktrackingSearch().length(
      from: place, along: change, first: 1, on: slope)
    place = moved(place, change, length)
  }
}

/// Eigenvalues and unit eigenvectors of a symmetric matrix of one or two rows.
func eigen(_ matrix: [[Double]]) -> [(value: Double, vector: [Double])] {
  guard matrix.count == 2 else { return [(matrix[0][0], [1])] }
  let (a, b, c) = (matrix[0][0], matrix[0][1], matrix[1][1])
  let middle = (a + c) / 2
  let radius = ((a - c) * (a - c) / 4 + b * b).squareRoot()
  // The longer of two equal expressions for the first vector.
  let candidates = [[middle + radius - c, b], [b, middle + radius - a]]
  let longest = candidates.max { dot($0, $0) < dot($1, $1) } ?? [1, 0]
  let length = dot(longest, longest).squareRoot()
  let first = length > 0 ? longest.map { $0 / length } : [1, 0]
  return [(middle + radius, first), (middle - radius, [-first[1], first[0]])]
}

extension MarbleEntry {
  static let newton = MarbleEntry("newton", "to the bottom of the touching paraboloid") {
    NewtonMarble(place: $0.start)
  }
}

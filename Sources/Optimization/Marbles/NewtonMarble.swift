/// Newton's method: steps to the bottom of the paraboloid that touches the surface.
///
/// Along directions of negative curvature the step goes downhill: the absolute values of the
/// Hessian's eigenvalues are used.
struct NewtonMarble: Marble {
  var place: [Double]

  mutating func step(on slope: Slope) {
    let gradient = slope.gradient(at: place)
    var change = [Double](repeating: 0, count: place.count)
    for (value, vector) in slope.surface.curvatures(at: place) where abs(value) > 1e-12 {
      change = moved(change, vector, -dot(gradient, vector) / abs(value))
    }
    let length = BacktrackingSearch().length(
      from: place, along: change, first: 1, on: slope)
    place = moved(place, change, length)
  }
}

extension MarbleEntry {
  static let newton = MarbleEntry("newton", "to the bottom of the touching paraboloid") {
    NewtonMarble(place: $0.start)
  }
}

/// The simplex of Nelder and Mead: a triangle that tumbles downhill without any slope.
///
/// Reflection 1, expansion 2, contraction ½, shrinking ½.
///
/// - Source: Nelder & Mead, 1965, "A simplex method for function minimization".
struct NelderMeadMarble: Marble {
  private var corners: [[Double]]

  init(place: [Double], size: Double) {
    corners = [place]
    for axis in place.indices {
      var corner = place
      corner[axis] += size
      corners.append(corner)
    }
  }

  var place: [Double] { corners[0] }

  mutating func step(on slope: Slope) {
    func height(_ corner: [Double]) -> Double {
      let value = slope.value(at: corner)
      return value.isNaN ? .infinity : value
    }
    defer { corners.sort { height($0) < height($1) } }
    corners.sort { height($0) < height($1) }
    let worst = corners.removeLast()
    let count = Double(corners.count)
    let center = place.indices.map { axis in corners.reduce(0) { $0 + $1[axis] } / count }
    func along(_ factor: Double) -> [Double] {
      zip(center, worst).map { $0 + factor * ($0 - $1) }
    }
    let reflected = along(1)
    let reached = height(reflected)
    if reached < height(corners[0]) {
      let expanded = along(2)
      corners.append(height(expanded) < reached ? expanded : reflected)
    } else if reached < height(corners[corners.count - 1]) {
      corners.append(reflected)
    } else {
      let contracted = along(reached < height(worst) ? 0.5 : -0.5)
      if height(contracted) < min(reached, height(worst)) {
        corners.append(contracted)
      } else {
        let best = corners[0]
        corners = (corners + [worst]).map { corner in
          zip(corner, best).map { ($0 + $1) / 2 }
        }
      }
    }
  }
}

extension MarbleEntry {
  static let nelderMead = MarbleEntry(
    "nelder-mead", "a triangle that tumbles downhill without any slope"
  ) { NelderMeadMarble(place: $0.start, size: $0.surface.extent / 20) }
}

// Marbles that look before they roll: methods that need heights or curvature, not slopes alone.

/// Gradient descent with a line search.
struct DescentMarble: Marble {
  var place: [Double]
  /// Whether the search stops at the first length that is low enough, or also wants a flat slope.
  let isBacktracking: Bool
  /// The first length tried.
  let rate: Double

  mutating func step(on slope: Slope) {
    let direction = slope.gradient(at: place).map(-)
    let length =
      isBacktracking
      ? LineSearch.backtracking(from: place, along: direction, first: rate, on: slope)
      : LineSearch.wolfe(from: place, along: direction, first: rate, flatness: 0.1, on: slope)
    place = moved(place, direction, length)
  }
}

/// Newton's method: to the bottom of the paraboloid that touches the surface.
///
/// Where the surface bends down along some direction, the step goes against the slope there: the
/// eigenvalues of the Hessian count by their size.
struct NewtonMarble: Marble {
  var place: [Double]

  mutating func step(on slope: Slope) {
    let gradient = slope.gradient(at: place)
    var change = [Double](repeating: 0, count: place.count)
    for (value, vector) in eigen(slope.surface.hessian(at: place)) where abs(value) > 1e-12 {
      change = moved(change, vector, -dot(gradient, vector) / abs(value))
    }
    place = moved(
      place, change,
      LineSearch.backtracking(from: place, along: change, first: 1, on: slope))
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

/// Conjugate gradient after Polak and Ribière, begun anew when it would go uphill.
///
/// - Source: Nocedal & Wright, 2006, section 5.2 (PR⁺).
struct ConjugateGradientMarble: Marble {
  var place: [Double]
  let rate: Double
  private var direction: [Double] = []
  private var last: [Double] = []

  init(place: [Double], rate: Double) {
    self.place = place
    self.rate = rate
  }

  mutating func step(on slope: Slope) {
    let gradient = slope.gradient(at: place)
    let size = dot(last, last)
    if last.isEmpty || size == 0 {
      direction = gradient.map(-)
    } else {
      let change = zip(gradient, last).map { $0 - $1 }
      direction = moved(gradient.map(-), direction, max(0, dot(gradient, change) / size))
      if dot(direction, gradient) >= 0 { direction = gradient.map(-) }
    }
    last = gradient
    let length = LineSearch.wolfe(
      from: place, along: direction, first: rate, flatness: 0.1, on: slope)
    place = moved(place, direction, length)
  }
}

/// L-BFGS: Newton's method with a curvature guessed from the last steps.
///
/// - Source: Nocedal & Wright, 2006, algorithm 7.4.
struct LimitedMemoryMarble: Marble {
  var place: [Double]
  private var pairs: [(step: [Double], change: [Double])] = []
  private static let history = 10

  init(place: [Double]) { self.place = place }

  mutating func step(on slope: Slope) {
    let gradient = slope.gradient(at: place)
    var direction = gradient
    var parts: [Double] = []
    for pair in pairs.reversed() {
      let part = dot(pair.step, direction) / dot(pair.step, pair.change)
      parts.append(part)
      direction = moved(direction, pair.change, -part)
    }
    if let newest = pairs.last {
      let scale = dot(newest.step, newest.change) / dot(newest.change, newest.change)
      direction = direction.map { $0 * scale }
    }
    for (pair, part) in zip(pairs, parts.reversed()) {
      let back = dot(pair.change, direction) / dot(pair.step, pair.change)
      direction = moved(direction, pair.step, part - back)
    }
    direction = direction.map(-)
    let norm = dot(gradient, gradient).squareRoot()
    let first = pairs.isEmpty ? min(1, 1 / max(norm, 1e-12)) : 1
    let length = LineSearch.wolfe(
      from: place, along: direction, first: first, flatness: 0.9, on: slope)
    let there = moved(place, direction, length)
    let step = zip(there, place).map { $0 - $1 }
    let change = zip(slope.gradient(at: there), gradient).map { $0 - $1 }
    // Only curvature upwards can be inverted.
    if dot(step, change) > 1e-12 * dot(change, change) {
      pairs = Array((pairs + [(step, change)]).suffix(Self.history))
    }
    place = there
  }
}

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

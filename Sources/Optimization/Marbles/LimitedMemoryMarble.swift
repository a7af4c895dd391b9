/// L-BFGS: Newton's method with the curvature estimated from the last steps.
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
    let length = WolfeSearch(flatness: 0.9).length(
      from: place, along: direction, first: first, on: slope)
    let there = moved(place, direction, length)
    let step = zip(there, place).map { $0 - $1 }
    let change = zip(slope.gradient(at: there), gradient).map { $0 - $1 }
    // Only positive curvature can be inverted.
    if dot(step, change) > 1e-12 * dot(change, change) {
      pairs = Array((pairs + [(step, change)]).suffix(Self.history))
    }
    place = there
  }
}

extension MarbleEntry {
  static let limitedMemory = MarbleEntry(
    "l-bfgs", "Newton's method with curvature from the last steps"
  ) { LimitedMemoryMarble(place: $0.start) }
}

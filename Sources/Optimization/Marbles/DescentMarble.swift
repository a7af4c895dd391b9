/// Gradient descent with a line search.
struct DescentMarble: Marble {
  private(set) var place: [Double]
  let search: any LineSearch
  /// The first length tried.
  let rate: Double

  mutating func step(on slope: Slope) {
    let direction = slope.gradient(at: place).map(-)
    let length = search.length(from: place, along: direction, first: rate, on: slope)
    place = moved(place, direction, length)
  }
}

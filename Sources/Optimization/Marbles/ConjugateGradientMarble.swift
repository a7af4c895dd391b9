/// Conjugate gradient after Polak and Ribière, restarted when it would go uphill.
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
    let length = WolfeSearch().length(from: place, along: direction, first: rate, on: slope)
    place = moved(place, direction, length)
  }
}

extension MarbleEntry {
  static let conjugateGradient = MarbleEntry(
    "conjugate-gradient", "directions that do not spoil each other", [.firstLength]
  ) { ConjugateGradientMarble(place: $0.start, rate: $0.rate) }
}

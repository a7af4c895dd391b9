/// How one number of a graph follows from others, which are named by their places in it.
package enum ScalarFormula: Sendable {
  /// A sum of products: of two places, or of one.
  case sum([[Int]])
  /// A function of one number.
  case function(ScalarFunction, of: Int)
  /// The number itself, or below 0 its product with a slope.
  case rectified(Int, slope: Int)
  /// The largest of some numbers, the first of equal ones.
  case maximum([Int])
  /// The sum of some numbers divided by `count`.
  case mean([Int], count: Int)
  /// (x − mean)/deviation · scale + shift.
  case normalized(Int, mean: Double, deviation: Double, scale: Int, shift: Int)
  /// The number itself.
  case copy(Int)
  /// exp(zₖ) / Σ exp(z); the places of all logits z, those of their probabilities, and k.
  case probability([Int], places: [Int], index: Int)
  /// −Σ y ln p.
  case crossEntropy([Int], target: [Double])
  /// The mean of (z − y)².
  case squaredError([Int], target: [Double])
  /// Any other loss of logits, with its derivatives there.
  case loss(String, [Int], slopes: [Double])

  /// The places it needs, each once.
  package var sources: [Int] {
    switch self {
    case .sum(let terms):
      terms.flatMap(\.self).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    case .function(_, let x), .copy(let x): [x]
    case .rectified(let x, let slope): [x, slope]
    case .normalized(let x, _, _, let scale, let shift): [x, scale, shift]
    case .maximum(let places), .mean(let places, _), .probability(let places, _, _),
      .crossEntropy(let places, _), .squaredError(let places, _), .loss(_, let places, _):
      places
    }
  }

  /// ∂(this)/∂(a place), which must be one of its sources.
  ///
  /// - Parameters:
  ///   - values: The values of all places.
  ///   - value: The value of the formula itself.
  func derivative(by place: Int, _ values: [Double], value: Double) -> Double {
    switch self {
    case .sum(let terms):
      terms.filter { $0.contains(place) }.reduce(0) { sum, term in
        sum + term.filter { $0 != place }.reduce(1) { $0 * values[$1] }
      }
    case .function(let function, let x): function.derivative(at: values[x], value: value)
    case .rectified(let x, let slope):
      place == x ? (values[x] > 0 ? 1 : values[slope]) : min(values[x], 0)
    case .maximum(let places): place == Self.largest(of: places, values) ? 1 : 0
    case .mean(_, let count): 1 / Double(count)
    case .normalized(let x, let mean, let deviation, let scale, _):
      place == x
        ? values[scale] / deviation : place == scale ? (values[x] - mean) / deviation : 1
    case .copy: 1
    case .probability(let logits, let places, let index):
      logits.firstIndex(of: place).map { other in
        value * ((other == index ? 1 : 0) - values[places[other]])
      } ?? 0
    case .crossEntropy(let places, let target):
      zip(places, target).reduce(0) { $1.0 == place && $1.1 != 0 ? -$1.1 / values[place] : $0 }
    case .squaredError(let places, let target):
      zip(places, target).reduce(0) {
        $1.0 == place ? 2 * (values[place] - $1.1) / Double(places.count) : $0
      }
    case .loss(_, let places, let slopes): places.firstIndex(of: place).map { slopes[$0] } ?? 0
    }
  }

  /// The place of the largest of some values, the first of equal ones.
  static func largest(of places: [Int], _ values: [Double]) -> Int {
    places.dropFirst().reduce(places[0]) { values[$1] > values[$0] ? $1 : $0 }
  }
}

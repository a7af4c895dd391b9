// Formulas as they are written, with symbols or with numbers.
extension ScalarFormula {
  /// The formula; more than one part is a sum.
  ///
  /// - Parameters:
  ///   - name: Writes a place: its name or its value, in brackets where it must be.
  ///   - number: Writes a constant.
  package func text(_ name: (Int) -> String, number: (Double) -> String) -> [String] {
    switch self {
    case .sum(let terms): return terms.map { $0.map(name).joined(separator: "·") }
    case .function(let function, let x): return [function.text(name(x))]
    case .rectified(let x, let slope):
      return ["max(0, \(name(x)))", "\(name(slope))·min(0, \(name(x)))"]
    case .maximum(let places): return ["max(\(places.map(name).joined(separator: ", ")))"]
    case .mean(let places, let count):
      return ["(\(places.map(name).joined(separator: " + ")))/\(count)"]
    case .normalized(let x, let mean, let deviation, let scale, let shift):
      return ["\(name(scale))·(\(name(x)) − \(number(mean)))/\(number(deviation))", name(shift)]
    case .copy(let x): return [name(x)]
    case .probability(let logits, _, let index):
      let parts = logits.map { "e^\(name($0))" }
      return ["\(parts[index])/(\(parts.joined(separator: " + ")))"]
    case .crossEntropy(let places, let target):
      return zip(places, target).filter { $0.1 != 0 }.map { place, wanted in
        wanted == 1 ? "−ln \(name(place))" : "−\(number(wanted))·ln \(name(place))"
      }
    case .squaredError(let places, let target):
      let squares = zip(places, target).map { "(\(name($0.0)) − \(number($0.1)))²" }
      return places.count == 1
        ? squares : ["(\(squares.joined(separator: " + ")))/\(places.count)"]
    case .loss(let loss, let places, _):
      return ["\(loss)(\(places.map(name).joined(separator: ", ")))"]
    }
  }

  /// ∂(this)/∂(a place) as it is written, a factor of a product.
  ///
  /// - Parameters:
  ///   - own: The place of the number that the formula is for.
  ///   - values: The values of all places.
  package func derivativeText(
    by place: Int, own: Int, _ values: [Double], _ name: (Int) -> String,
    number: (Double) -> String
  ) -> String {
    switch self {
    case .sum(let terms):
      let others = terms.filter { $0.contains(place) }.map { term in
        let rest = term.filter { $0 != place }
        return rest.isEmpty ? "1" : rest.map(name).joined(separator: "·")
      }
      return others.count == 1 ? others[0] : "(\(others.joined(separator: " + ")))"
    case .function(let function, let x):
      return function.derivativeText(name(x), value: name(own), isPositive: values[x] > 0)
    case .rectified(let x, let slope):
      if place == slope { return values[x] > 0 ? "0" : name(x) }
      return values[x] > 0 ? "1" : name(slope)
    case .maximum(let places): return Self.largest(of: places, values) == place ? "1" : "0"
    case .mean(_, let count): return "1/\(count)"
    case .normalized(let x, let mean, let deviation, let scale, _):
      if place == x { return "\(name(scale))/\(number(deviation))" }
      return place == scale ? "(\(name(x)) − \(number(mean)))/\(number(deviation))" : "1"
    case .copy: return "1"
    case .probability(let logits, let places, let index):
      guard let other = logits.firstIndex(of: place), other != index else {
        return "\(name(own))·(1 − \(name(own)))"
      }
      return "(−\(name(own)))·\(name(places[other]))"
    case .crossEntropy(let places, let target):
      let wanted = zip(places, target).reduce(0) { $1.0 == place ? $1.1 : $0 }
      return wanted == 0 ? "0" : "(−\(number(wanted))/\(name(place)))"
    case .squaredError(let places, let target):
      let wanted = zip(places, target).reduce(0) { $1.0 == place ? $1.1 : $0 }
      return "2·(\(name(place)) − \(number(wanted)))"
        + (places.count == 1 ? "" : "/\(places.count)")
    case .loss(let loss, _, _): return "∂\(loss)/∂\(name(place))"
    }
  }
}

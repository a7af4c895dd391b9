internal import Foundation
internal import Tensors

/// Points at which a distance lacks a property.
struct CounterExample {
  private typealias Point = Distance.Point

  /// Worked out in a sentence.
  let words: String
  /// What was measured for it.
  let measurements: [DistanceCheck.Measurement]

  private init(_ words: String, _ measurements: [DistanceCheck.Measurement]) {
    (self.words, self.measurements) = (words, measurements)
  }

  /// Looks for a counterexample; nil if none was found.
  static func find(
    against property: DistanceCheck.Property, of d: Distance
  ) -> CounterExample? {
    switch property {
    case .neverNegative:
      return search(d, 2, d.simplePoints, d.randomPoint) { points in
        let measured = d.measurement(points[0], points[1])
        guard measured.value < -tolerance else { return nil }
        return CounterExample("d(\(text(points))) = \(text(measured.value))", [measured])
      }
    case .zeroOnlyAtEquality:
      return search(d, 2, d.simplePoints, d.randomPoint) { points in
        let measured = d.measurement(points[0], points[1])
        let value = measured.value
        if points[0] == points[1] {
          guard abs(value) > tolerance else { return nil }
          return CounterExample("d(\(text(points))) = \(text(value)), not 0", [measured])
        }
        guard value == 0 else { return nil }
        return CounterExample("d(\(text(points))) = 0, though they differ", [measured])
      }
    case .symmetric:
      return search(d, 2, d.simplePoints, d.randomPoint) { points in
        let measured = [d.measurement(points[0], points[1]), d.measurement(points[1], points[0])]
        let (there, back) = (measured[0].value, measured[1].value)
        guard abs(there - back) > tolerance * (1 + abs(there)) else { return nil }
        return CounterExample(
          "d(\(text(points))) = \(text(there)) but "
            + "d(\(text(points.reversed()))) = \(text(back))", measured)
      }
    case .triangleInequality:
      return search(d, 3, d.simplePoints, d.randomPoint) { points in
        let measured = [(0, 2), (0, 1), (1, 2)].map { d.measurement(points[$0], points[$1]) }
        let (direct, first, second) = (measured[0].value, measured[1].value, measured[2].value)
        guard direct > first + second + tolerance * (1 + abs(direct)) else { return nil }
        return CounterExample(
          "d(\(text([points[0], points[2]]))) = \(text(direct)) > "
            + "d(\(text(Array(points[..<2])))) + d(\(text(Array(points[1...])))) = "
            + "\(text(first)) + \(text(second))", measured)
      }
    case .convex: return againstConvexity(of: d)
    case .boundedSlope: return againstBoundedSlope(of: d)
    }
  }

  /// Differences that may be due to rounding.
  private static let tolerance = 1e-9

  /// Tries all tuples of simple points, then random ones; NaN proves nothing.
  private static func search(
    _ d: Distance, _ count: Int, _ simple: [Point],
    _ random: (inout SeededGenerator) -> Point, _ judge: ([Point]) -> CounterExample?
  ) -> CounterExample? {
    var place = [Int](repeating: 0, count: count)
    while place[0] < simple.count {
      if let found = judge(place.map { simple[$0] }) { return found }
      place[count - 1] += 1
      for index in stride(from: count - 1, to: 0, by: -1) where place[index] == simple.count {
        place[index] = 0
        place[index - 1] += 1
      }
    }
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<DistanceCheck.tries {
      if let found = judge((0..<count).map { _ in random(&generator) }) { return found }
    }
    return nil
  }

  private static func againstConvexity(of d: Distance) -> CounterExample? {
    let targets = [d.domain == .numbers ? [0] : [1, 0], d.simplePoints[0], d.simplePoints[1]]
    for target in targets {
      let found = search(d, 2, d.simpleOutputs, d.randomOutput) { ends in
        let middle = zip(ends[0], ends[1]).map { ($0 + $1) / 2 }
        let values = [ends[0], ends[1], middle].map { d.atOutput(target, $0).value }
        let mean = (values[0] + values[1]) / 2
        guard values[2] > mean + tolerance * (1 + abs(mean)) else { return nil }
        return CounterExample(
          "target \(text(target)): \(text(values[2])) at output \(text(middle)) > "
            + "\(text(mean)), the mean of \(text(ends[0])) and \(text(ends[1]))",
          zip([ends[0], ends[1], middle], values).map {
            .init(target: target, output: $0, value: $1)
          })
      }
      if let found { return found }
    }
    return nil
  }

  /// Slopes that keep growing with the output, or toward 0, are not bounded.
  private static func againstBoundedSlope(of d: Distance) -> CounterExample? {
    let target = d.simplePoints[0]
    let directions =
      d.domain == .numbers ? [[1.0], [-1]] : [[1, 0], [0, 1], [1, 0.5], [0.5, 1]]
    func steepest(_ size: Double) -> Double {
      let slopes = directions.map { direction in
        let gradient = d.atOutput(target, direction.map { $0 * size }).gradient
        return gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      return slopes.contains { !$0.isFinite } ? .infinity : slopes.max() ?? 0
    }
    for (near, far, shown) in [(1e7, 1e12, [1, 1e3, 1e6]), (1e-3, 1e-7, [1, 1e-3, 1e-6])]
    where steepest(far) > 20 * steepest(near) || steepest(far) == .infinity {
      let slopes = shown.map { "\(text(steepest($0))) at \(text($0))" }
      return CounterExample("slope \(slopes.joined(separator: ", "))", [])
    }
    return nil
  }

  // MARK: Words

  private static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e7 { return "\(Int(value))" }
    return String(format: "%.3g", value)
  }

  private static func text(_ point: Point) -> String {
    point.count == 1 ? text(point[0]) : "(\(point.map(text).joined(separator: ", ")))"
  }

  private static func text(_ points: [Point]) -> String {
    points.map(text).joined(separator: ", ")
  }
}

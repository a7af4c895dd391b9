internal import Foundation
internal import Tensors

/// The distance of a prediction from a target, as an objective measures it.
struct Distance: Sendable {
  typealias Point = [Double]

  /// What is compared: numbers, the probabilities of two classes, or two scores.
  let domain: ObjectiveDomain
  /// The network output that gives a prediction; the prediction itself, except for distributions.
  var output: @Sendable (_ prediction: Point) -> Point = { $0 }
  /// The loss and its gradient with respect to the network output: the number, logits or scores.
  let atOutput: @Sendable (_ target: Point, _ output: Point) -> (value: Double, gradient: Point)

  /// The loss from a target to a prediction of the same kind.
  func callAsFunction(_ target: Point, _ prediction: Point) -> Double {
    atOutput(target, output(prediction)).value
  }

  /// The same with where it was measured.
  func measurement(_ target: Point, _ prediction: Point) -> DistanceCheck.Measurement {
    let output = output(prediction)
    return .init(target: target, output: output, value: atOutput(target, output).value)
  }

  /// The square root of the distance.
  var squareRoot: Distance {
    Distance(domain: domain, output: output) { target, output in
      let (value, gradient) = atOutput(target, output)
      // Rounding may leave a little more or less than 0.
      let root = value > 1e-15 ? value.squareRoot() : 0
      return (root, gradient.map { root > 0 ? $0 / (2 * root) : 0 })
    }
  }

  /// 0 where both are the same number, otherwise 1: what accuracy counts.
  static var zeroOne: Distance {
    Distance(domain: .numbers) { target, output in
      (target == output ? 0 : 1, [0])
    }
  }

  /// Points with few digits, so that a counterexample can be checked by hand.
  var simplePoints: [Point] {
    switch domain {
    case .numbers: [0, 1, 2, -1, -2, 0.5, 3, -3, 5, 10].map { [$0] }
    case .distributions: [0.5, 0.9, 0.1, 0.75, 0.25, 0.99, 0.01].map { [$0, 1 - $0].rounded }
    case .scores:
      [[1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [2, 1], [1, 3], [0.1, 0], [5, 0]]
    }
  }

  /// Outputs with few digits.
  var simpleOutputs: [Point] {
    switch domain {
    case .numbers, .scores: simplePoints
    case .distributions: [0, 1, -1, 2, -2, 4, -4, 8, -8].map { [$0, 0] }
    }
  }

  /// A random point.
  func randomPoint(_ generator: inout SeededGenerator) -> Point {
    switch domain {
    case .numbers: return [Double(generator.nextNormal()) * 3]
    case .distributions:
      let p = sigmoid(Double(generator.nextNormal()) * 2)
      return [p, 1 - p]
    case .scores: return (0..<2).map { _ in abs(Double(generator.nextNormal())) * 3 + 1e-3 }
    }
  }

  /// A random output.
  func randomOutput(_ generator: inout SeededGenerator) -> Point {
    domain == .distributions
      ? (0..<2).map { _ in Double(generator.nextNormal()) * 3 } : randomPoint(&generator)
  }
}

extension ObjectiveChoice {
  /// What the objective measures.
  var distance: Distance { Distance(sampleObjective) }
}

extension Distance {
  init(_ objective: any SampleObjective) {
    if let error = objective.errorFunction {
      self.init(domain: .numbers) { target, output in
        let (value, slope) = error(target[0], output[0])
        return (value, [slope])
      }
    } else {
      let isOfScores = objective.domain == .scores
      self.init(
        domain: objective.domain, output: { isOfScores ? $0 : objective.logits(for: $0) }
      ) { target, output in
        let result = objective.evaluate(logits: output, target: target)
        return (result.loss, result.gradient)
      }
    }
  }
}

extension [Double] {
  /// Rounded, without the digits that binary fractions add.
  fileprivate var rounded: [Double] { map { ($0 * 1e6).rounded() / 1e6 } }
}

internal import Foundation
internal import Tensors

/// Checks which properties of a distance an objective has.
///
/// A "no" comes with a counterexample. A "yes" means that none was found among simple points and
/// `tries` random ones; it is not a proof.
public struct DistanceCheck: Sendable {
  /// What a distance should be.
  public enum Property: String, CaseIterable, Codable, Sendable {
    case neverNegative = "never negative"
    case zeroOnlyAtEquality = "zero only at equality"
    case symmetric
    case triangleInequality = "triangle inequality"
    /// With respect to the network output: a number, logits or scores.
    case convex
    /// With respect to the network output.
    case boundedSlope = "bounded slope"
  }

  /// Whether a property holds.
  public struct Verdict: Codable, Equatable, Sendable {
    public let property: Property
    public let holds: Bool
    /// Points at which it does not hold, worked out.
    public let counterExample: String?
    /// The losses that the counterexample compares; none where it compares slopes.
    public let measurements: [Measurement]
  }

  /// A loss, and where it was measured.
  public struct Measurement: Codable, Equatable, Sendable {
    /// A number, probabilities or scores.
    public let target: [Double]
    /// Of the network: a number, logits or scores.
    public let output: [Double]
    public let value: Double
  }

  /// Distances that are not objectives, for comparison: two metrics, and the error that accuracy
  /// counts.
  public static var others: [String] { comparisons.map(\.name) }

  private static let comparisons: [(name: String, distance: Distance)] = [
    ("root-mse", Distance(RegressionObjective(loss: .squared, ofProbabilities: false)).squareRoot),
    ("root-jensen-shannon", Distance(JensenShannonObjective()).squareRoot),
    ("zero-one", .zeroOne),
  ]

  /// What was checked, and what it compares: numbers, distributions or scores.
  public let name: String, domain: String
  /// The largest relative difference between the exact slope and central finite differences, at
  /// 200 random points.
  public let slopeError: Double
  /// One for each property, in order.
  public let verdicts: [Verdict]

  /// Checks an objective.
  public init(_ objective: ObjectiveChoice) {
    self.init(objective.distance, name: objective.description)
  }

  /// Checks one of `others`; nil for another name.
  public init?(other name: String) {
    guard let distance = Self.comparisons.first(where: { $0.name == name })?.distance else {
      return nil
    }
    self.init(distance, name: name)
  }

  private init(_ distance: Distance, name: String) {
    self.name = name
    domain = distance.domain.rawValue
    slopeError = distance.slopeError
    verdicts = Property.allCases.map { property in
      let example = CounterExample.find(against: property, of: distance)
      return Verdict(
        property: property, holds: example == nil, counterExample: example?.words,
        measurements: example?.measurements ?? [])
    }
  }

  /// Whether the first four properties hold, so that it is a metric.
  public var isMetric: Bool { verdicts.prefix(4).allSatisfy(\.holds) }

  /// What follows from the first four, in words.
  package var conclusion: String {
    isMetric ? "it is a metric" : "it is not a metric, which training does not need"
  }

  /// Random points tried for each property.
  public static let tries = 20_000
}

extension Distance {
  fileprivate var slopeError: Double {
    var generator = SeededGenerator(seed: 2)
    var largest = 0.0
    for _ in 0..<200 {
      let (target, output) = (randomPoint(&generator), randomOutput(&generator))
      let gradient = atOutput(target, output).gradient
      for index in output.indices {
        let step = 1e-5 * max(0.01, abs(output[index]))
        var (up, down) = (output, output)
        up[index] += step
        down[index] -= step
        let rise = atOutput(target, up).value - atOutput(target, down).value
        let difference = abs(rise / (up[index] - down[index]) - gradient[index])
        // NaN must not be lost in a maximum.
        let relative = difference / (1 + abs(gradient[index]))
        largest = relative <= largest ? largest : relative
      }
    }
    return largest
  }
}

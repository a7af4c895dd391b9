internal import Foundation

/// An objective as a function of one variable, for a figure.
public struct ObjectiveCurve: Sendable {
  /// The variable on the horizontal axis.
  public enum Place: String, CaseIterable, Sendable {
    /// The prediction minus the target, for losses of regression.
    case error
    /// For two classes, the logit of the label minus that of the other class: above 0 the
    /// prediction is correct.
    case margin
  }

  /// A value of the variable, the loss there, and its derivative.
  public struct Sample: Hashable, Sendable {
    public var place: Double, value: Double, slope: Double
  }

  /// The objective that is measured.
  public let objective: ObjectiveChoice
  /// In ascending order of the variable.
  public let samples: [Sample]

  /// Measures an objective at equal intervals.
  ///
  /// - Parameters:
  ///   - place: `.error` needs an objective that measures errors.
  ///   - reach: The range is from −reach to reach.
  public init(_ objective: ObjectiveChoice, over place: Place, reach: Double, count: Int = 481) {
    self.objective = objective
    let loss = objective.loss(over: place)
    samples = (0..<count).map { index in
      let x = reach * (2 * Double(index) / Double(count - 1) - 1)
      let result = loss(x)
      return Sample(place: x, value: result.value, slope: result.slope)
    }
  }
}

extension ObjectiveChoice {
  /// Whether it measures how far one number is from another, rather than comparing classes.
  public var measuresErrors: Bool { sampleObjective.errorFunction != nil }

  /// Whether its loss of an error is the same for every target.
  package var dependsOnErrorAlone: Bool {
    guard let function = sampleObjective.errorFunction else { return false }
    return [-2.0, 1, 5.5].allSatisfy { target in
      [-3, -0.4, 0, 0.25, 2].allSatisfy { error in
        let (value, drawn) = (function(target, target + error).value, function(0, error).value)
        return value == drawn || value.isNaN && drawn.isNaN
          || abs(value - drawn) <= 1e-9 * (1 + abs(drawn))
      }
    }
  }

  /// The loss of an error, or of a margin, and its derivative.
  ///
  /// - Parameter place: `.error` needs an objective that measures errors.
  package func loss(
    over place: ObjectiveCurve.Place
  ) -> (_ place: Double) -> (value: Double, slope: Double) {
    if place == .error, let function = sampleObjective.errorFunction { return { function(0, $0) } }
    return marginLoss
  }

  /// The loss for two classes whose logits are ±m/2, the first being the label, and its derivative
  /// with respect to m.
  func marginLoss(_ margin: Double) -> (value: Double, slope: Double) {
    let result = sampleObjective.evaluate(logits: [margin / 2, -margin / 2], target: [1, 0])
    return (result.loss, (result.gradient[0] - result.gradient[1]) / 2)
  }
}

internal import Foundation

/// An objective as a function of one number, to be drawn.
public struct ObjectiveCurve: Sendable {
  /// What runs along the bottom.
  public enum Place: String, CaseIterable, Sendable {
    /// The prediction minus the target, of one number: what losses of regression are about.
    case error
    /// The logit of the true class minus that of the other, of two classes: above 0 the answer
    /// is right.
    case margin
  }

  /// Where, the loss there, and its derivative by the place.
  public struct Sample: Hashable, Sendable {
    public var place: Double, value: Double, slope: Double
  }

  /// What is measured.
  public let objective: ObjectiveChoice
  /// In ascending order of the place.
  public let samples: [Sample]

  /// Measures an objective at equal distances.
  ///
  /// - Parameters:
  ///   - place: `.error` needs an objective that measures errors.
  ///   - reach: From minus this to this.
  public init(_ objective: ObjectiveChoice, over place: Place, reach: Double, count: Int = 481) {
    self.objective = objective
    let function = place == .error ? objective.sampleObjective.errorFunction : nil
    samples = (0..<count).map { index in
      let x = reach * (2 * Double(index) / Double(count - 1) - 1)
      let result = function?(0, x) ?? objective.marginLoss(x)
      return Sample(place: x, value: result.value, slope: result.slope)
    }
  }
}

extension ObjectiveChoice {
  /// Whether it measures how far one number is from another, rather than classes.
  public var measuresErrors: Bool { sampleObjective.errorFunction != nil }

  /// The loss of two classes whose logits are ±m/2, the first being true, and its derivative by m.
  func marginLoss(_ margin: Double) -> (value: Double, slope: Double) {
    let result = sampleObjective.evaluate(logits: [margin / 2, -margin / 2], target: [1, 0])
    return (result.loss, (result.gradient[0] - result.gradient[1]) / 2)
  }
}

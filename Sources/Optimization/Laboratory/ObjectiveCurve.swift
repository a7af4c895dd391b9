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
    let function = place == .error ? objective.errorFunction : nil
    samples = (0..<count).map { index in
      let x = reach * (2 * Double(index) / Double(count - 1) - 1)
      let result = function?(0, x) ?? objective.marginLoss(x)
      return Sample(place: x, value: result.value, slope: result.slope)
    }
  }
}

extension ObjectiveChoice {
  /// Whether it measures how far one number is from another, rather than classes.
  public var measuresErrors: Bool { errorFunction != nil }

  /// The loss and its derivative by the prediction, from a target and a prediction.
  ///
  /// In a formula the prediction is `p` and `z`, and `y` the target.
  var errorFunction: ((_ target: Double, _ prediction: Double) -> (value: Double, slope: Double))? {
    if let errorLoss, !comparesProbabilities {
      return { errorLoss.evaluate($1 - $0) }
    }
    guard let formula else { return nil }
    func evaluate(_ target: Double, _ prediction: Double) -> (value: Double, slope: Double) {
      let result = formula.valueAndGradient(
        at: [target, prediction, prediction, log(prediction), 1])
      let slope = result.gradient[1] + result.gradient[2]
      // The logarithm only counts where it is used.
      let byLogarithm = result.gradient[3]
      return (result.value, byLogarithm == 0 ? slope : slope + byLogarithm / prediction)
    }
    // A formula of probabilities has no value for a negative prediction.
    let isOfNumbers = [(-1.0, -2.0), (1, -1), (0, -0.5)].allSatisfy {
      let (value, slope) = evaluate($0, $1)
      return !value.isNaN && !slope.isNaN
    }
    return isOfNumbers ? evaluate : nil
  }

  /// The loss of two classes whose logits are ±m/2, the first being true, and its derivative by m.
  func marginLoss(_ margin: Double) -> (value: Double, slope: Double) {
    let result = sampleObjective.evaluate(logits: [margin / 2, -margin / 2], target: [1, 0])
    return (result.loss, (result.gradient[0] - result.gradient[1]) / 2)
  }
}

internal import Foundation
internal import Support

/// A loss given by a formula, summed over the classes.
///
/// It may use
///
/// * `y`, the target of the class (1 for the true one, 0 for others; between with mixing);
/// * `z`, its logit;  `p`, its probability by softmax;  `logp`, the logarithm of that;
/// * `k`, the number of classes.
///
/// So `-y*logp` is cross-entropy and `(y-p)^2` is Brier's loss. The slope through softmax is exact.
struct FormulaObjective: SampleObjective {
  static let variables = ["y", "p", "z", "logp", "k"]
  let formula: Formula

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let softmax = Softmax(logits)
    var loss = 0.0
    var (direct, h): ([Double], [Double]) = ([], [])
    for (index, y) in target.enumerated() {
      let z = logits[index]
      let values = Self.values(softmax, index, y: y, z: z)
      let (p, result) = (values[1], formula.valueAndGradient(at: values))
      loss += result.value
      direct.append(result.gradient[2])
      h.append(result.gradient[1] * p + result.gradient[3])
    }
    return (loss, zip(direct, softmax.gradient(h)).map { $0 + $1 })
  }

  /// The values of the variables for one class.
  ///
  /// A probability that is rounded to 0 or 1 would make log(p) or log(1 - p) infinite.
  private static func values(
    _ softmax: Softmax, _ index: Int, y: Double, z: Double
  ) -> [Double] {
    let p = min(max(softmax.probabilities[index], .leastNormalMagnitude), 1.0.nextDown)
    return [y, p, z, softmax.logarithms[index], Double(softmax.logarithms.count)]
  }

  /// Where the formula or one of its derivatives is not finite, for a message; nil if nowhere.
  func fault(logits: [Double], target: [Double]) -> String? {
    let softmax = Softmax(logits)
    for (index, y) in target.enumerated() {
      let values = Self.values(softmax, index, y: y, z: logits[index])
      let result = formula.valueAndGradient(at: values)
      let wrong =
        [("the formula", result.value)]
        + [(1, "p"), (2, "z"), (3, "logp")].map {
          ("its derivative with respect to \($0.1)", result.gradient[$0.0])
        }
      guard let first = wrong.first(where: { !$0.1.isFinite }) else { continue }
      let place = zip(Self.variables, values).map { "\($0) = \(Float($1))" }
      return "\(first.0) is \(first.1.text) at \(place.joined(separator: ", "))"
    }
    return nil
  }

  /// Takes the prediction as both `p` and `z`, and the target as `y`; nil for a formula of
  /// probabilities, which has no value for a negative prediction.
  var errorFunction: ErrorFunction? {
    let formula = formula
    let evaluate: ErrorFunction = { target, prediction in
      let result = formula.valueAndGradient(
        at: [target, prediction, prediction, log(prediction), 1])
      let slope = result.gradient[1] + result.gradient[2]
      // The logarithm only counts where it is used.
      let byLogarithm = result.gradient[3]
      return (result.value, byLogarithm == 0 ? slope : slope + byLogarithm / prediction)
    }
    let isOfNumbers = [(-1.0, -2.0), (1, -1), (0, -0.5)].allSatisfy {
      let (value, slope) = evaluate($0, $1)
      return !value.isNaN && !slope.isNaN
    }
    return isOfNumbers ? evaluate : nil
  }
}

extension Objective {
  /// Where a formula of the user is not finite, for a message; nil for other objectives, or if it
  /// is finite for all samples.
  ///
  /// - Parameter logits: Finite.
  package func formulaFault(logits: [Float], targets: Targets) -> String? {
    if let smoothed = self as? SmoothedObjective {
      return smoothed.base.formulaFault(
        logits: logits, targets: targets.smoothed(by: smoothed.smoothing))
    }
    guard let objective = self as? FormulaObjective else { return nil }
    return (0..<targets.count).lazy.compactMap { sample in
      let row = sample * targets.classCount..<(sample + 1) * targets.classCount
      return objective.fault(
        logits: logits[row].map(Double.init),
        target: targets.probabilities[row].map(Double.init))
    }.first
  }
}

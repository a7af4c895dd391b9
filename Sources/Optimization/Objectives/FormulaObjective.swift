internal import Foundation

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
      // A subnormal probability would make y*log(p) 0 · ∞.
      let p = max(softmax.probabilities[index], .leastNormalMagnitude)
      let result = formula.valueAndGradient(
        at: [y, p, z, softmax.logarithms[index], Double(logits.count)])
      loss += result.value
      direct.append(result.gradient[2])
      h.append(result.gradient[1] * p + result.gradient[3])
    }
    return (loss, zip(direct, softmax.gradient(h)).map { $0 + $1 })
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

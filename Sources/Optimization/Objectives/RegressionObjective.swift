/// A loss of regression for a classifier: the mean over the classes of ρ(prediction − target).
///
/// The predictions are the logits themselves, so that the slope does not vanish where the network
/// is confident but wrong (Hui & Belkin, 2021, arXiv:2006.07322); on request, they are the softmax
/// probabilities.
struct RegressionObjective: SampleObjective {
  var loss: ErrorLoss
  /// Whether probabilities are compared with the target instead of logits.
  var ofProbabilities: Bool

  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let count = Double(logits.count)
    let softmax = ofProbabilities ? Softmax(logits) : nil
    let errors = zip(softmax?.probabilities ?? logits, target).map { loss.evaluate($0 - $1) }
    let slopes = errors.map { $0.slope / count }
    let value = errors.reduce(0) { $0 + $1.value } / count
    guard let softmax else { return (value, slopes) }
    return (value, softmax.gradient(zip(slopes, softmax.probabilities).map { $0 * $1 }))
  }

  var errorFunction: ErrorFunction? {
    guard !ofProbabilities else { return nil }
    let loss = loss
    return { loss.evaluate($1 - $0) }
  }
}

extension ObjectiveEntry {
  static let meanSquaredError = regression("mse", "mean squared error of the logits") { _ in
    .squared
  }

  static let meanAbsoluteError = regression("mae", "mean absolute error of the logits") { _ in
    .absolute
  }

  static let huber = regression(
    "huber", "half the square up to delta, straight beyond",
    ChoiceParameter("delta", 1, in: 1e-6...1e6, "where it becomes straight")
  ) { .huber(delta: $0["delta"]) }

  static let smoothAbsolute = regression(
    "smooth-l1", "huber divided by its beta: slope 1 beyond",
    ChoiceParameter("beta", 1, in: 1e-6...1e6, "where it becomes straight")
  ) { .smoothAbsolute(beta: $0["beta"]) }

  static let logCosh = regression(
    "log-cosh", "log of cosh of the error: huber without a seam"
  ) { _ in .logCosh }

  static let quantile = regression(
    "quantile", "absolute error, tilted: smallest at the tau-quantile",
    ChoiceParameter("tau", 0.5, in: 0...1, "0.5 is the median")
  ) { .quantile(tau: $0["tau"]) }

  private static func regression(
    _ name: String, _ summary: String, _ parameters: ChoiceParameter...,
    loss: @escaping @Sendable (ChoiceValues) -> ErrorLoss
  ) -> ObjectiveEntry {
    let ofProbabilities = ChoiceParameter(
      "probabilities", .flag, [0], "softmax probabilities, not logits")
    return ObjectiveEntry(name, summary, parameters + [ofProbabilities]) {
      RegressionObjective(loss: loss($0), ofProbabilities: $0.flag("probabilities"))
    }
  }
}

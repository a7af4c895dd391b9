extension ObjectiveChoice {
  /// What a formula may use.
  public static let variables = FormulaObjective.variables

  private static let probabilities = ChoiceParameter(
    "probabilities", .flag, [0], "softmax probabilities, not logits")

  private static let margin = ChoiceParameter(
    "margin", 1, in: 0...1e6, "by how much the true class must lead")

  /// All objectives that have a name; `expr:` takes a formula of one's own.
  public static let catalogue: [ChoiceEntry] = [
    ChoiceEntry(
      "cross-entropy", "surprise at the truth: -log of its softmax probability",
      [ChoiceParameter("weights", .list(0...1e6), [], "one weight per class, as in 1/3")]),
    ChoiceEntry(
      "binary-cross-entropy", "every class a yes-or-no question of its own, by sigmoid"),
    ChoiceEntry(
      "focal", "cross-entropy that cares less about what is right already",
      [ChoiceParameter("gamma", 2, in: 0...100, "how much less; 0 is cross-entropy")]),
    ChoiceEntry(
      "poly-1", "cross-entropy plus epsilon times (1 - p of the truth)",
      [ChoiceParameter("epsilon", 2, in: -1...100, "weight of the added part")]),
    ChoiceEntry("kl", "Kullback-Leibler divergence from the target"),
    ChoiceEntry("jensen-shannon", "the symmetric, bounded relative of kl"),
    ChoiceEntry("brier", "squared error of the softmax probabilities, summed"),
    ChoiceEntry(
      "hinge", "how far the truth fails to lead by a margin", [margin]),
    ChoiceEntry("squared-hinge", "hinge, squared", [margin]),
    ChoiceEntry("cosine", "one minus the cosine between logits and target"),
    ChoiceEntry("mse", "mean squared error of the logits", [probabilities]),
    ChoiceEntry("mae", "mean absolute error of the logits", [probabilities]),
    ChoiceEntry(
      "huber", "half the square up to delta, straight beyond",
      [ChoiceParameter("delta", 1, in: 1e-6...1e6, "where it becomes straight"), probabilities]),
    ChoiceEntry(
      "smooth-l1", "huber divided by its beta: slope 1 beyond",
      [ChoiceParameter("beta", 1, in: 1e-6...1e6, "where it becomes straight"), probabilities]),
    ChoiceEntry("log-cosh", "log of cosh of the error: huber without a seam", [probabilities]),
    ChoiceEntry(
      "quantile", "absolute error, tilted: smallest at the tau-quantile",
      [ChoiceParameter("tau", 0.5, in: 0...1, "0.5 is the median"), probabilities]),
  ]
}

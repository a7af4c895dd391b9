extension ScheduleChoice {
  private static func final(_ part: Double) -> ChoiceParameter {
    ChoiceParameter("final", part, in: 0...10, "last rate, as a part of the peak")
  }

  private static func factor(_ factor: Double) -> ChoiceParameter {
    ChoiceParameter("factor", factor, in: 0...1, "what the rate is multiplied by")
  }

  private static func start(_ part: Double) -> ChoiceParameter {
    ChoiceParameter("start", part, in: 0...1, "first rate, as a part of the peak")
  }

  private static let cycles = ChoiceParameter(
    "cycles", .count(1...1000), [1], "how often the course is run through")

  /// All schedules that have a name; `expr:` takes a formula of one's own.
  ///
  /// Places are parts of the run after the warm-up, so that they fit a run of any length.
  public static let catalogue: [ChoiceEntry] = [
    ChoiceEntry("constant", "the same rate throughout"),
    ChoiceEntry(
      "cosine", "half a cosine down; with cycles again from the peak",
      [
        final(0), cycles,
        ChoiceParameter("growth", 1, in: 1...10, "each cycle's length over the last one's"),
      ]),
    ChoiceEntry(
      "step", "a drop at equal distances",
      [ChoiceParameter("every", 0.25, in: 0.001...1, "part of the run between drops"), factor(0.1)]),
    ChoiceEntry(
      "multi-step", "a drop at each of several places",
      [
        ChoiceParameter("at", .list(0...1), [0.5, 0.75], "parts of the run, ascending"),
        factor(0.1),
      ]),
    ChoiceEntry(
      "exponential", "the same percentage less with every step",
      [ChoiceParameter("final", 0.01, in: 1e-9...1, "last rate, as a part of the peak")]),
    ChoiceEntry(
      "polynomial", "down along a power of the time left; 1 is a straight line",
      [ChoiceParameter("power", 1, in: 0.01...100, "the power"), final(0)]),
    ChoiceEntry(
      "one-cycle", "a cosine up to the peak and a long one down",
      [
        ChoiceParameter("rise", 0.3, in: 0.001...0.999, "part of the run that rises"),
        start(0.04), final(0.000004),
      ]),
    ChoiceEntry(
      "triangle", "a straight line up and another one down",
      [
        start(0.2), ChoiceParameter("at", 0.23, in: 0.001...0.999, "part of the run that rises"),
        final(0.07), cycles,
      ]),
    ChoiceEntry(
      "inverse-square-root", "ever slower decay, with no end in mind",
      [ChoiceParameter("timescale", 0.05, in: 1e-6...10, "after it the rate is 0.71 of the peak")]),
    ChoiceEntry(
      "warmup-stable-decay", "flat for long, then a straight line down",
      [ChoiceParameter("decay", 0.2, in: 0.001...1, "part of the run that falls"), final(0)]),
    ChoiceEntry(
      "plateau", "a drop whenever the validation loss has stopped falling",
      [
        factor(0.1),
        ChoiceParameter(
          "patience", .count(0...10000), [3], "epochs without improvement to bear"),
        ChoiceParameter(
          "threshold", 1e-4, in: 0...1, "part the loss must fall by to count"),
        ChoiceParameter(
          "cooldown", .count(0...10000), [0], "epochs that do not count after a drop"),
        ChoiceParameter("lowest", 0, in: 0...1, "lowest rate, as a part of the peak"),
      ]),
  ]
}

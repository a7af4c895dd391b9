import ArgumentParser
import Foundation
import ImageLoading
import Optimization
import Plotting
import Support
import Tensors
import Training

struct FindLearningRateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find-learning-rate",
    abstract: "Tries learning rates from low to high, and suggests one.",
    discussion: """
      A learning rate range test: training steps as 'train' with the same options
      would take them, but with a rate that grows by the same factor from each to
      the next. It ends early when the average loss is far above its lowest.
      Suggested is the valley, two thirds of the way down the longest fall of the
      loss. Where the curve shows no rate it says so and ends with 1; figure and
      table are written. No run is made.

      Example: marbles find-learning-rate photos --model kitten --optimizer momentum
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(
    help: ArgumentHelp(
      "The lowest rate (default: a thousandth of what the optimizer usually trains with).",
      valueName: "rate"))
  var from: Float?

  @Option(
    help: ArgumentHelp("The highest rate (default: a thousand times that).", valueName: "rate"))
  var to: Float?

  @Option(help: ArgumentHelp("Steps from the lowest to the highest rate.", valueName: "n"))
  var steps = LearningRateRangeTest.usualSteps

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var trial: TrialOptions
  @OptionGroup var output: OutputOptions

  /// What 'train' does not take, or takes in another sense.
  private static let ownOptions =
    ["--from", "--to", "--steps", "--format", "--out"] + LookOptions.names
  private static let ownFlags = ["--overwrite", "--quiet", "-q", "--json"]

  /// Over less than a decade of rates, a curve has no shape.
  private static let leastRatio: Float = 10

  func validate() throws {
    try refuseToFindRate(of: trial.step.optimizer)
    guard trial.step.optimizer.rate == nil else {
      throw ValidationError("rate= gives the learning rate that is to be found; leave it out")
    }
    try check(from ?? 1, in: 1e-30...1e30, "--from")
    try check(to ?? 1, in: 1e-30...1e30, "--to")
    try check(steps, in: LearningRateRangeTest.fewestSteps...10_000, "--steps")
    let (low, high) = (test.lowest, test.highest)
    guard high >= low * Self.leastRatio else {
      throw ValidationError(
        "the rates go from \(Double(low).short) to \(Double(high).short), "
          + "expected --to to be at least 10 times --from"
      )
    }
  }

  /// What is to be tried.
  private var test: (lowest: Float, highest: Float) {
    let usual = LearningRateRangeTest.usualRange(for: trial.step.optimizer)
    return (from ?? usual.lowerBound, to ?? usual.upperBound)
  }

  func run() throws {
    let test = LearningRateRangeTest(
      lowest: test.lowest, highest: test.highest, steps: steps)
    let workers = trial.threads.workers
    var configuration = try trial.makeConfiguration(data: data)
    let listing = try configuration.listImages()
    let files = try figureOptions.claim(
      named: "learning-rate", inputs: [configuration.splitFile], data: [listing])
    let loaded = try configuration.loadImages(
      listing, workers, cache: trial.cache, quiet: output.quiet)
    let curve = try test.runShowingProgress(
      configuration, loaded, workers, quiet: output.quiet)
    let found = Result { () throws(NoLearningRate) in try curve.suggestion() }
    let written = try files.write(
      AxesFigure.learningRates(
        curve, found, footer: configuration.testTexts, theme: figureOptions.theme),
      curve.table)
    if output.json {
      Console.output(jsonText(RangeTestReport(curve, found, figures: written)))
    } else {
      report(curve, try? found.get(), written)
    }
    do {
      _ = try found.get()
    } catch {
      throw Failure(.failed, error.description)
    }
  }

  /// Prints what was found.
  private func report(
    _ curve: LearningRateCurve, _ found: LearningRateSuggestion?, _ written: [String]
  ) {
    if !output.quiet { Console.note("tried  \(curve.extent)") }
    if let found {
      Console.output("rate   \(found.rate) (valley: two thirds down the longest fall of the loss)")
      Console.output("       steepest fall at \(found.steepestRate)")
    }
    written.forEach(Console.output)
    if let found, !output.quiet {
      let words = GivenOptions.words(
        of: Self._commandName, without: Self.ownOptions, flags: Self.ownFlags,
        adding: ["--learning-rate", "\(found.rate)"])
      Console.note("next   marbles train \(words)")
    }
  }
}

/// What `--json` prints.
private struct RangeTestReport: Encodable {
  var learningRate: Float?, method: LearningRateSuggestion.Method?
  var valley: Float?, steepest: Float?
  var reason: String?
  var lowest: Float, highest: Float, steps: Int
  var stepsTaken: Int, end: LearningRateCurve.End?
  var figures: [String]

  init(
    _ curve: LearningRateCurve, _ found: Result<LearningRateSuggestion, NoLearningRate>,
    figures: [String]
  ) {
    switch found {
    case .success(let suggestion):
      (learningRate, method) = (suggestion.rate, suggestion.method)
      (valley, steepest) = (suggestion.valleyRate, suggestion.steepestRate)
    case .failure(let error): reason = error.description
    }
    (lowest, highest, steps) = (curve.test.lowest, curve.test.highest, curve.test.steps)
    (stepsTaken, end) = (curve.losses.count, curve.end)
    self.figures = figures
  }
}

import ArgumentParser
import ImageLoading
import MessagePassing
import Plotting
import Support
import Tensors
import Training

struct DataEnoughCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "enough",
    abstract: "Tells whether more images would help.",
    usage: "marbles data enough <data> [<options>]",
    discussion: """
      Trains networks on all images, on half of them, on a quarter, and so on, and
      judges each on the images held out for validation and test. A power law
      through the errors says what more images would bring; its interval comes from
      a bootstrap. No run is made. Figure and table are written.

      As with 'train', what is not given is chosen for the time, unless --epochs
      is.

      Example: marbles data enough photos --budget 10m
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(
    help: ArgumentHelp(
      "About the time of all trainings together (default: twice that of 'train').",
      valueName: "time"), transform: Duration.init(budget:))
  var budget: Duration?

  @Option(
    help: ArgumentHelp(
      "Passes over the training images, instead of a --budget; few images are seen more often.",
      valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "Numbers of images, each half of the next (default: 5, or 4 of few images).", valueName: "n"))
  var sizes: Int?

  @Option(help: ArgumentHelp("Trainings of each size, on other images.", valueName: "n"))
  var draws = 2

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var trial: TrialOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard budget == nil || epochs == nil else {
      throw ValidationError("--budget and --epochs both say how long to train: give one of them")
    }
    try check(epochs ?? 1, in: 1...1_000_000, "--epochs")
    try check(sizes ?? 5, in: LearningCurve.fewestSizes...12, "--sizes")
    try check(draws, in: 1...100, "--draws")
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    let workers = trial.threads.workers(among: ranks)
    var configuration = try trial.makeConfiguration(data: data)
    let listing = try configuration.listImages()
    let files = try workers.onFirst {
      try figureOptions.claim(
        named: "learning-curve", inputs: [configuration.splitFile], data: [listing])
    }
    let count = try configuration.trainingCount(of: listing)
    let sizes = sizes ?? (count >= 16 * LearningCurveExperiment.fewestImages ? 5 : 4)
    if let epochs {
      configuration.epochs = epochs
    } else {
      try configuration.planCurve(
        budget, trainingCount: count, sizes: sizes, draws: draws, for: listing, workers,
        quiet: output.quiet)
      configuration = try workers.first(configuration)
    }
    let loaded = try configuration.loadImages(
      listing, workers, cache: trial.cache, quiet: output.quiet)
    let experiment = try LearningCurveExperiment(
      configuration, data: loaded, sizeCount: sizes, draws: draws)
    try ranks?.requireSame(choices: configuration, loaded)
    let curve = try experiment.runShowingProgress(workers, quiet: output.quiet)
    guard let files else { return }
    let report = LearningCurveReport(curve, passes: configuration.epochs)
    let written = try files.write(
      AxesFigure.learningCurve(
        report.plotted, subtitle: report.answer, footer: configuration.testTexts,
        theme: figureOptions.theme),
      report.table)
    if output.json {
      Console.output(jsonText(report.summary(figures: written)))
    } else {
      Console.output(report.text)
      written.forEach(Console.output)
    }
  }
}

extension TrainingConfiguration {
  /// Chooses what was not given, and the passes, so that all trainings take about a time.
  fileprivate mutating func planCurve(
    _ budget: Duration?, trainingCount: Int, sizes: Int, draws: Int, for listing: DatasetListing,
    _ workers: Workers, quiet: Bool
  ) throws {
    // All images, half of them, …: of the time, the training with all takes this part.
    let trainings = Double(draws) * (0..<sizes).reduce(0) { $0 + 1 / Double(1 << $1) }
    let seconds = try plan(trainings: trainings, in: budget, for: listing, workers)
    epochs = LearningCurveExperiment.epochs(
      forWork: Double(epochs * trainingCount) * trainings, trainingCount: trainingCount,
      sizeCount: sizes, draws: draws)
    guard !quiet else { return }
    Console.note(
      "budget \(seconds.duration) for \(draws * sizes) trainings: \(model ?? "own network") at "
        + "\(imageSize)×\(imageSize), \(epochs.counted("pass")) over all images")
  }
}

extension LearningCurveExperiment {
  /// Trains behind a progress bar, and says what each training gave.
  fileprivate func runShowingProgress(_ workers: Workers, quiet: Bool) throws -> LearningCurve {
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    return try run(workers: workers) { done in
      bar.show("training", done: done, of: work, bar.remaining(done: done, of: work))
    }
  }
}

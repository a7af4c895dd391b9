import ArgumentParser
import ImageLoading
import MessagePassing
import Plotting
import Statistics
import Support
import Tensors
import Training

struct DataDoubtCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "doubt",
    abstract: "Finds images whose label is likely wrong.",
    usage: "marbles data doubt <data> [<options>]",
    discussion: """
      Divides the images into folds and trains a network for each on the others, so
      that every image is judged by a network that has not seen its label. Images
      that are more likely of another class are listed, and 24 of each kind drawn,
      the most doubtful first. What networks of few images or little time say has to
      be taken with care. No file is changed: look at them, remove from the list those that are
      right, and leave out the others with 'marbles train --exclude'.

      Of a run, the images held out for validation and test are judged at once.

      Example: marbles data doubt photos --out doubt.png
      """)

  @Argument(
    help: "A folder of images, or a run.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(help: ArgumentHelp("Networks to train.", valueName: "n"))
  var folds = 4

  @Option(
    help: ArgumentHelp(
      "About the time of all trainings together (default: twice that of 'train').",
      valueName: "time"), transform: Duration.init(budget:))
  var budget: Duration?

  @Option(
    help: ArgumentHelp("Passes over the training images, instead of a --budget.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "List so many images, whether or not they are doubted.", valueName: "images"))
  var count: Int?

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var trial: TrialOptions
  @OptionGroup var output: OutputOptions

  /// What there is to choose for a run, whose network is there.
  private static let optionsForRuns =
    [
      "--count", "--out", "--format", "--overwrite", "--cache", "--threads",
      "--quiet", "--json",
    ] + LookOptions.names

  func validate() throws {
    guard budget == nil || epochs == nil else {
      throw ValidationError("--budget and --epochs both say how long to train: give one of them")
    }
    try check(folds, in: 2...20, "--folds")
    try check(epochs ?? 1, in: 1...1_000_000, "--epochs")
    try check(count ?? 1, in: 1...1_000_000, "--count")
    try GivenOptions.refuse(
      "--validation-split", "--test-split",
      because: "here: every image is held out once, in its fold")
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    let workers = trial.threads.workers(among: ranks)
    let isRun = !isMissing(RunDirectory(path: data).record)
    if isRun {
      try GivenOptions.refuse("with a run, whose network is there") {
        !Self.optionsForRuns.contains($0)
      }
    }
    let (judged, files) = try isRun ? judgeHeldOut(workers, ranks) : judgeAll(workers, ranks)
    guard let files else { return }
    let report = DoubtReport(judged, count: count)
    let written = try files.write(
      report.sheet(size: judged.imageSize, theme: figureOptions.theme), report.table)
    if output.json {
      Console.output(jsonText(report.summary(figures: written)))
    } else {
      Console.output(report.text)
      written.forEach(Console.output)
    }
  }

  /// All images of a folder, each by a network that has not been trained on it.
  private func judgeAll(
    _ workers: Workers, _ ranks: Ranks?
  ) throws -> (JudgedImages, FigureOptions.Files?) {
    var configuration = try trial.makeConfiguration(data: data)
    (configuration.validationSplit, configuration.testSplit) = (0, 0)
    let listing = try configuration.listImages()
    let files = try workers.onFirst {
      try figureOptions.claim(
        named: "doubt", inputs: [configuration.splitFile, configuration.excluded?.file],
        data: [listing])
    }
    if let epochs {
      configuration.epochs = epochs
    } else {
      // Each training has all images but those of a fold.
      let seconds = try configuration.plan(
        trainings: Double(folds - 1), in: budget, for: listing, workers)
      if !output.quiet {
        Console.note(
          "budget \(seconds.duration) for \(folds.counted("training")): "
            + "\(configuration.model ?? "own network") at "
            + "\(configuration.imageSize)×\(configuration.imageSize), "
            + configuration.epochs.counted("pass"))
      }
      configuration = try workers.first(configuration)
    }
    let loaded = try configuration.loadImages(
      listing, workers, cache: trial.cache, quiet: output.quiet)
    try ranks?.requireSame(choices: configuration, loaded)
    let validation = try CrossValidation(configuration, data: loaded, folds: folds)
    var bar = ProgressBar(quiet: output.quiet)
    defer { bar.clear() }
    let logits = try validation.run(workers: workers) { [work = validation.work] done in
      bar.show("training", done: done, of: work, bar.remaining(done: done, of: work))
    }
    let judged = JudgedImages(
      loaded: loaded.loaded, indices: Array(loaded.loaded.images.indices), logits: logits,
      classes: loaded.classNames, imageSize: configuration.imageSize, source: data,
      networkCount: folds)
    return (judged, files)
  }

  /// The images of a run that its network has not been trained on.
  private func judgeHeldOut(
    _ workers: Workers, _ ranks: Ranks?
  ) throws -> (JudgedImages, FigureOptions.Files?) {
    let checkpoint = try CheckpointArgument.parse([data])
    let model = try checkpoint.load()
    try ranks?.requireSame([model])
    let network = try model.description.makeNetwork()
    try network.requireMemory(toEvaluate: Evaluator.batchSize, workers: workers)
    let images = try CheckpointImages(
      parts: .validation, .test, of: checkpoint, model, moved: nil, instead: "give a folder")
    let files = try workers.onFirst {
      try figureOptions.claim(
        named: "doubt", inputs: [checkpoint.file], data: [images.listing])
    }
    let (loaded, indices) = try images.load(workers, cache: trial.cache, quiet: output.quiet)
    let evaluator = Evaluator(model.description, network: network, workers: workers)
    let logits = try evaluator.logits(
      of: loaded, indices: indices, parameters: model.parameters, statistics: model.statistics)
    let judged = JudgedImages(
      loaded: loaded, indices: indices, logits: logits, classes: model.description.classes,
      imageSize: model.description.imageSize, source: images.source, networkCount: 1)
    return (judged, files)
  }
}

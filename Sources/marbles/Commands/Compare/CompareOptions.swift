import ArgumentParser
import ImageLoading
import Optimization
import Plotting
import Support
import Training

/// The images that networks are compared on, and what is written.
struct JudgingOptions: ParsableArguments {
  /// More networks than this are not compared at once.
  static let most = 40
  /// Their names on the command line.
  static let names = ["--data", "--part", "--csv", "--figure", "--label"]

  @Option(
    help: ArgumentHelp(
      "Judge on all images of a folder that none was trained on, instead of the runs' own.",
      valueName: "folder"), completion: .dataset, transform: inputPath)
  var data: String?

  @Option(help: "Which of the runs' own images: test or validation (default: test).")
  var part: Split.Part?

  @Option(
    help: ArgumentHelp(
      "Write one line per image: which networks are right.", valueName: "file.csv"),
    completion: .csvFile, transform: filePath)
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Draw the accuracies and which two are told apart: .png, .svg or .pdf.",
      valueName: "figure"), completion: .figure, transform: filePath)
  var figure: String?

  /// The options that chose images, names and bootstrap samples, as they are written.
  func reproducing(_ labels: LabelOptions, _ seed: SeedOptions) -> [String] {
    (data.map { ["--data", $0] } ?? []) + (part.map { ["--part", $0.rawValue] } ?? [])
      + (labels.label.map { ["--label", $0] } ?? [])
      + (seed.seed == SeedOptions.usual ? [] : ["--seed", "\(seed.seed)"])
  }

  func validate() throws {
    guard data == nil || part == nil else {
      throw ValidationError("--part names images of the runs; leave out --data")
    }
    guard part != .train else {
      throw ValidationError(
        "--part is train, expected test or validation: networks know what they were trained on")
    }
  }
}

/// Which optimizers are compared, and how much each is trained.
struct ContestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Train networks on DATA with each of these, separated by commas; parameters follow a colon.",
      valueName: "names"), completion: .optimizers)
  var optimizers: String?

  @Option(help: ArgumentHelp("Trainings with each optimizer, each with a seed.", valueName: "n"))
  var seeds = 3

  @Option(
    help: ArgumentHelp(
      "Passes over the training images of each of them (default: 12).", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "The same in steps, rounded up to whole passes.", valueName: "n"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Instead, about the time of the whole comparison; each training has the same seconds.",
      valueName: "time"), transform: Duration.init(budget:))
  var budget: Duration?

  @Option(
    help: ArgumentHelp(
      "Learning rates on which each search begins, half a decade apart; four more follow.",
      valueName: "n"))
  var rates = RateSearch.usualCount

  @Option(
    help: ArgumentHelp(
      "The validation accuracy to which steps and seconds are counted (default: what "
        + "the worst optimizer reaches).", valueName: "fraction"))
  var target: Double?

  @Option(
    help: ArgumentHelp(
      "Write tables, figures and a report to a folder (default with --optimizers: \(usualFolder)).",
      valueName: "folder"),
    completion: .directory, transform: filePath)
  var out: String?

  /// Where optimizers are compared, unless another folder is given.
  private static let usualFolder = "comparison"
  /// Where runs, tables and figures of optimizers are written.
  var folder: String { out ?? Self.usualFolder }

  @Option(
    help: ArgumentHelp(
      "Also write the curves as a race, an animated PNG.", valueName: "file.png"),
    completion: .pngFile, transform: filePath)
  var animate: String?

  func validate() throws {
    if optimizers != nil { _ = try choices() }
    try check(seeds, in: 1...100, "--seeds")
    try check(rates, in: 3...25, "--rates")
    try check(epochs ?? 1, in: 1...1_000_000, "--epochs")
    try check(steps ?? 1, in: 1...1_000_000_000, "--steps")
    let lengths = [
      ("--epochs", epochs != nil), ("--steps", steps != nil), ("--budget", budget != nil),
    ].filter(\.1).map(\.0)
    guard lengths.count < 2 else {
      throw ValidationError(
        "\(lengths.joined(separator: " and ")) both say how long to train: give one of them")
    }
    if let target, !(target > 0 && target <= 1) {
      throw ValidationError("--target is \(target.text), expected a fraction above 0 to 1")
    }
  }

  /// More optimizers than this are not compared at once.
  private static let most = AccuracyFigure.mostCompared

  /// The optimizers.
  func choices() throws -> [OptimizerChoice] {
    let choices = try RaceOptions.names([optimizers ?? ""]).map { text in
      let choice: OptimizerChoice
      do {
        choice = try trainingOptimizer(text)
      } catch let error as ChoiceError {
        throw ValidationError(error.description)
      }
      try refuseToFindRate(of: choice)
      return choice
    }
    if let twice = choices.first(where: { one in choices.count { $0 == one } > 1 }) {
      throw ValidationError("--optimizers has \(twice) twice")
    }
    try check(choices.count, in: 2...Self.most, "the number of --optimizers")
    return choices
  }
}

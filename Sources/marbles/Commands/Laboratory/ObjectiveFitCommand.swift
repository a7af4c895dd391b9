import ArgumentParser
import ObjectiveFigures
import Optimization
import Plotting
import Support
import Training

struct ObjectiveFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fits the same noisy line under several objectives.",
    usage: "marbles objective fit [<objective> ...] [<options>]",
    discussion: """
      The readings are made up, as of a phone's motion sensor: an acceleration that
      grows by 0.4 m/s² every second, some noise, and near the end a few knocks. The
      square of a large error outweighs everything else; MAE and Huber hardly notice.

      Example: marbles objective fit mse mae huber log-cosh --outliers 0.2
      """)

  @Argument(
    help: "Objectives that measure numbers.", completion: .objectives,
    transform: ObjectiveChoice.init)
  var objectives: [ObjectiveChoice] = []

  @Option(help: "Seed of the readings: same seed, same readings.") var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Number of readings.", valueName: "n")) var readings = 60

  @Option(help: ArgumentHelp("Standard deviation of every reading.", valueName: "m/s²"))
  var noise = 0.3

  @Option(
    help: ArgumentHelp("Fraction of the readings that a knock disturbs.", valueName: "fraction"))
  var outliers = 0.15

  @Option(
    name: .customLong("move"),
    help: ArgumentHelp(
      "Gives a reading another value in m/s², as in 60=-2; may be repeated.",
      valueName: "reading=value"))
  var moves: [ReadingChoices.Move] = []

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check(readings, in: ReadingChoices.counts, "--readings")
    try check(noise, in: ReadingChoices.noises, "--noise")
    try check(outliers, in: ReadingChoices.fractions, "--outliers")
    try check(objectives.count, in: 0...AxesFigure.mostCurves, "the number of objectives")
    for move in moves {
      try check(move.reading, in: 1...readings, "the reading of --move")
      try check(move.value, in: ReadingChoices.values, "the value of --move")
    }
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Line: Encodable {
      var objective: String, slope: Double, intercept: Double, loss: Double, hasMinimum: Bool
    }
    var trueSlope: Double, trueIntercept: Double, lines: [Line], figures: [String]
  }

  private var choices: ReadingChoices {
    var choices = ReadingChoices()
    (choices.seed, choices.count, choices.noise) = (seed, readings, noise)
    (choices.outliers, choices.moves) = (outliers, moves)
    return choices
  }

  func run() throws {
    let wanted =
      objectives.isEmpty
      ? try ["mse", "mae", "huber"].map(ObjectiveChoice.init) : objectives
    let names = try labels.names(insteadOf: wanted.map(\.description), of: "objective")
    let files = try figureOptions.claim(named: "fit")
    let plot = try LineFitPlot(wanted, to: choices)
    if let divergence = plot.divergence { throw Failure(.diverged, divergence) }
    let written = try files.write(
      plot.figure(names: names, theme: figureOptions.theme), plot.table)
    if output.json {
      Console.output(
        jsonText(
          Report(
            trueSlope: SensorReadings.slope, trueIntercept: SensorReadings.intercept,
            lines: plot.fits.map {
              .init(
                objective: "\($0.objective)", slope: $0.slope, intercept: $0.intercept,
                loss: $0.loss, hasMinimum: $0.hasMinimum)
            }, figures: written)))
      return
    }
    let width = max(10, plot.fits.map { "\($0.objective)".count }.max() ?? 0) + 2
    func line(_ name: String, _ slope: Double, _ intercept: Double, _ rest: String) -> String {
      "\(name.left(width))\(slope.digits(3).right(8))\(intercept.digits(3).right(11))\(rest)"
    }
    Console.output(
      (["\("objective".left(width))\("slope".right(8))\("intercept".right(11))   slope off by"]
        + [line("true line", SensorReadings.slope, SensorReadings.intercept, "")]
        + plot.fits.map {
          line("\($0.objective)", $0.slope, $0.intercept, $0.miss.percentage().right(15))
        } + plot.remarks(names) + [""] + written).joined(separator: "\n"))
  }
}

extension ReadingChoices.Move: ExpressibleByArgument {
  public init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let reading = Int(parts[0]), let value = Double(parts[1]),
      value.isFinite
    else { return nil }
    self.init(reading, to: value)
  }
}

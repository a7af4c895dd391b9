import ArgumentParser
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

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check(readings, in: 4...10_000, "--readings")
    try check(noise, in: 0...100, "--noise")
    try check(outliers, in: 0...0.4, "--outliers")
    try check(objectives.count, in: 0...AxesFigure.mostCurves, "the number of objectives")
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Line: Encodable { var objective: String, slope: Double, intercept: Double, loss: Double }
    var trueSlope: Double, trueIntercept: Double, lines: [Line], figures: [String]
  }

  func run() throws {
    let wanted =
      objectives.isEmpty
      ? try ["mse", "mae", "huber"].map(ObjectiveChoice.init) : objectives
    let names = try labels.names(insteadOf: wanted.map(\.description), of: "objective")
    let files = try figureOptions.claim(named: "fit")
    let data = SensorReadings(seed: seed, count: readings, noise: noise, outliers: outliers)
    let fits = try wanted.map { try LineFit($0, to: data) }
    if let failed = fits.first(where: { !$0.slope.isFinite || !$0.intercept.isFinite }) {
      throw Failure(
        .diverged,
        "the line of '\(failed.objective)' diverged; "
          + "choose an objective that stays finite for any error"
      )
    }
    let written = try files.write(figure(data, fits, names), table(data, fits))
    if output.json {
      Console.output(
        jsonText(
          Report(
            trueSlope: SensorReadings.slope, trueIntercept: SensorReadings.intercept,
            lines: fits.map {
              .init(
                objective: "\($0.objective)", slope: $0.slope, intercept: $0.intercept,
                loss: $0.loss)
            }, figures: written)))
      return
    }
    let width = max(10, fits.map { "\($0.objective)".count }.max() ?? 0) + 2
    func line(_ name: String, _ slope: Double, _ intercept: Double, _ rest: String) -> String {
      "\(name.left(width))\(slope.digits(3).right(8))\(intercept.digits(3).right(11))\(rest)"
    }
    Console.output(
      (["\("objective".left(width))\("slope".right(8))\("intercept".right(11))   slope off by"]
        + [line("true line", SensorReadings.slope, SensorReadings.intercept, "")]
        + fits.map {
          line("\($0.objective)", $0.slope, $0.intercept, $0.miss.percentage().right(15))
        } + [""] + written).joined(separator: "\n"))
  }

  private func figure(
    _ data: SensorReadings, _ fits: [LineFit], _ names: [String]
  ) -> AxesFigure {
    func points(_ spoiled: Bool) -> [DataPoint] {
      data.readings.filter { $0.isOutlier == spoiled }.map { DataPoint($0.time, $0.value) }
    }
    func ends(_ line: (Double) -> Double) -> [DataPoint] {
      [0, SensorReadings.duration].map { DataPoint($0, line($0)) }
    }
    let knocks = points(true).count
    return AxesFigure.lineFits(
      readings: points(false), outliers: points(true),
      trueLine: .init("true line", ends { SensorReadings.intercept + SensorReadings.slope * $0 }),
      lines: zip(names, fits).map { name, fit in .init(name, ends { fit($0) }) },
      reading: reading(names, fits),
      subtitle:
        "readings of a phone's motion sensor; "
        + "rings: \(knocks.counted("reading")) disturbed by knocks",
      footer: "made-up readings, seed \(seed) · noise \(noise.short) m/s² · lines fitted with Adam",
      theme: figureOptions.theme)
  }

  /// Whose slope is furthest from the truth, and whose is nearest.
  private func reading(_ names: [String], _ fits: [LineFit]) -> String {
    let misses = zip(names, fits).map { ($0, $1.miss) }.sorted { $0.1 > $1.1 }
    guard let most = misses.first, let least = misses.last else { return "" }
    let first = "The slope of \(most.0) is off by \(most.1.percentage())"
    return misses.count == 1
      ? "\(first)." : "\(first), that of \(least.0) by \(least.1.percentage())."
  }

  private func table(_ data: SensorReadings, _ fits: [LineFit]) -> [[String]] {
    [["time", "reading", "spoiled"] + fits.map { "\($0.objective)" }]
      + data.readings.map { reading in
        ["\(reading.time)", "\(reading.value)", reading.isOutlier ? "1" : "0"]
          + fits.map { $0(reading.time).text }
      }
  }
}

extension LineFit {
  /// How far the slope is from the true one, as a fraction of it.
  fileprivate var miss: Double { abs(slope / SensorReadings.slope - 1) }
}

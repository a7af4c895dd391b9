public import ArgumentParser
import ObjectiveFigures
public import Optimization
import Plotting
import Support
import Training

extension ObjectiveCurve.Place: ExpressibleByArgument {}

struct ObjectivePlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draws objectives and their slopes side by side.",
    usage: "marbles objective plot <objective> ... [<options>]",
    discussion: """
      Losses of regression are drawn over the error, prediction minus target; all
      others over the margin, by which the logit of the true class leads that of the
      other. The slope is what gradient descent follows.

      Example: marbles objective plot mse mae huber --out objectives.png
      """)

  @Argument(
    help: "Objectives, such as mse, huber:delta=0.5 or a formula.", completion: .objectives,
    transform: ObjectiveChoice.init)
  var objectives: [ObjectiveChoice]

  @Option(help: "The horizontal axis: error or margin (default: error if all measure it).")
  var over: ObjectiveCurve.Place?

  @Option(help: ArgumentHelp("How far to draw to both sides.", valueName: "distance"))
  var range: Double?

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check(range ?? 1, in: ObjectivePlot.reaches, "--range")
    try check(objectives.count, in: 1...AxesFigure.mostCurves, "the number of objectives")
  }

  /// What `--json` prints.
  private struct Report: Encodable { var over: String, figures: [String] }

  func run() throws {
    let files = try figureOptions.claim(named: "objectives")
    let plot = try ObjectivePlot(drawing: objectives, over: over, reach: range)
    let names = try labels.names(insteadOf: objectives.map(\.description), of: "objective")
    let written = try files.write(
      plot.figure(names: names, theme: figureOptions.theme), plot.table)
    if output.json {
      Console.output(jsonText(Report(over: plot.place.rawValue, figures: written)))
    } else {
      written.forEach(Console.output)
    }
  }
}

extension ObjectivePlot {
  /// The plot of objectives that have a value somewhere.
  ///
  /// - Throws: `Failure` for wrong usage.
  init(
    drawing objectives: [ObjectiveChoice], over place: ObjectiveCurve.Place?,
    reach: Double? = nil
  ) throws {
    do throws(Problem) {
      try self.init(objectives, over: place, reach: reach)
    } catch {
      throw Failure(.usage, "\("\(objectives[error.index])".fitted(60)): \(error.reason)")
    }
  }
}

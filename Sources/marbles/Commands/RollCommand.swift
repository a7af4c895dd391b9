import ArgumentParser
import Foundation
import Optimization
import Plotting
import Support
import Training

struct RollCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roll",
    abstract: "Lets optimizers roll down a surface as marbles.",
    usage: "marbles roll <surface> [--optimizers <name> ...] [<options>]",
    discussion: """
      The steps are those that train a network: the same optimizers, the same code.

      Example: marbles roll saddle --optimizers sgd,momentum,adagrad,rmsprop,adam
               --out saddle.png --animation saddle-moving.png
      """)

  @OptionGroup(title: "Race") var race: RaceOptions

  @Option(
    help: ArgumentHelp("Draw the paths, as .png, .svg or .pdf.", valueName: "figure"),
    completion: .figure)
  var out: String?

  @Option(
    help: ArgumentHelp("Draw an animated PNG.", valueName: "figure.png"),
    completion: .pngFile)
  var animation: String?

  @Option(
    help: ArgumentHelp("Draw the surface in three dimensions.", valueName: "figure"),
    completion: .figure)
  var landscape: String?

  @Option(
    help: ArgumentHelp(
      "Draw the final height of each optimizer over learning rates.",
      valueName: "figure"),
    completion: .figure)
  var rateMap: String?

  @Option(
    help: ArgumentHelp(
      "Draw a map of starts: the minimum to which the first optimizer rolls from each.",
      valueName: "figure"),
    completion: .figure)
  var basinMap: String?

  @Option(
    help: ArgumentHelp("Write every step to a table.", valueName: "table.csv"), completion: .csvFile
  )
  var csv: String?

  @Flag(help: "Print the arithmetic of every step in words.") var explain = false

  @Option(help: "light, synthwave or print.") var theme: Theme = .light

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for (option, path) in [
      ("--out", out), ("--landscape", landscape), ("--rate-map", rateMap),
      ("--basin-map", basinMap),
    ] {
      guard let path else { continue }
      guard FigureFormat(path: path) != nil else {
        throw ValidationError(
          "\(option) is '\(path)', expected a name ending in .png, .svg or .pdf")
      }
    }
    if let animation, !animation.lowercased().hasSuffix(".png") {
      throw ValidationError("--animation is '\(animation)', expected a name ending in .png")
    }
    if race.surface.dimension == 1, landscape != nil || basinMap != nil {
      throw ValidationError(
        "\(race.surface.name) is a curve; --landscape and --basin-map need a surface of x and y")
    }
  }

  func run() throws {
    let surface = try race.ground()
    let start = try race.start()
    let noise = race.gradientNoise
    let rolls = try race.contestants().map { choice, rate in
      let rate =
        race.tune
        ? Roll.bestRate(
          of: choice, on: surface, from: start, steps: race.steps, noise: noise) : rate
      return Roll(
        choice, on: surface, rate: rate, from: start, steps: race.steps, noise: noise,
        isExplained: explain)
    }
    let report = RollReport(surface: surface, rolls: rolls, steps: race.steps)
    if let csv { try writeText(report.csv, to: csv) }
    let figures = RollFigures(report: report, race: race, theme: theme)
    var written: [String] = []
    for (path, draw) in [
      (out, figures.drawRace), (animation, figures.drawAnimation),
      (landscape, figures.drawLandscape), (rateMap, figures.drawRateMap),
      (basinMap, figures.drawBasinMap),
    ] {
      guard let path else { continue }
      try draw(path)
      written.append(path)
    }
    if output.json {
      Console.output(jsonText(report.record(figures: written)))
    } else {
      if explain { Console.output(report.explanation) }
      Console.output(report.table)
      if !output.quiet { written.forEach { Console.note("wrote \($0)") } }
    }
  }
}

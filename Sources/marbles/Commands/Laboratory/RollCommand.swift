import ArgumentParser
import Foundation
import Optimization
import Plotting
import Races
import Support

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
    completion: .figure, transform: filePath)
  var out: String?

  @OptionGroup var motion: MotionOptions

  @Option(
    help: ArgumentHelp("Draw the surface in three dimensions.", valueName: "figure"),
    completion: .figure, transform: filePath)
  var landscape: String?

  @Option(
    help: ArgumentHelp(
      "Draw the final height of each optimizer over learning rates.",
      valueName: "figure"),
    completion: .figure, transform: filePath)
  var rateMap: String?

  @Option(
    help: ArgumentHelp(
      "Draw a map of starts: the minimum to which the first optimizer rolls from each.",
      valueName: "figure"),
    completion: .figure, transform: filePath)
  var basinMap: String?

  @Option(
    help: ArgumentHelp("Write every step to a table.", valueName: "table.csv"),
    completion: .csvFile,
    transform: filePath)
  var csv: String?

  @Flag(help: "Print the arithmetic of every step in words.") var explain = false

  @OptionGroup(title: "Figure") var appearance: LookOptions
  @OptionGroup(title: "Figure") var labels: LabelOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if race.surface.dimension == 1, landscape != nil || basinMap != nil {
      throw ValidationError(
        "\(race.surface.name) is a curve; --landscape and --basin-map need a surface of x and y")
    }
    let figures = [out, motion.animation, motion.frames, landscape, rateMap, basinMap].compactMap(
      \.self)
    if figures.isEmpty {
      try LookOptions.refuse(because: "without a figure")
      try GivenOptions.refuse("--label", because: "without a figure")
    }
    if figures.isEmpty, csv == nil {
      try GivenOptions.refuse("--overwrite", because: "without a file to write")
    }
    _ = try labels.names(insteadOf: race.contestants().map(\.choice.name), of: "marble")
    if race.noise == 0 { try GivenOptions.refuse("--seed", because: "without --noise") }
  }

  func run() throws {
    var outputs = Outputs(write)
    let table = try outputs.claim(csv, .table, option: "--csv")
    guard !(output.json && table?.isStandardOutput == true) else {
      throw Failure(.usage, "--json and --csv - both want standard output; choose one")
    }
    let files = try [
      outputs.claim(out, .figure(), option: "--out"),
      outputs.claim(motion.animation, .image, option: "--animation"),
      outputs.claim(landscape, .figure(), option: "--landscape"),
      outputs.claim(rateMap, .figure(), option: "--rate-map"),
      outputs.claim(basinMap, .figure(), option: "--basin-map"),
    ]
    if let frames = motion.frames { try FrameFolder.create(frames, outputs) }
    let race = try race.race()
    let rolls = race.rolls(isExplained: explain)
    let report = RollReport(surface: race.surface, rolls: rolls, steps: race.steps)
    try table?.write(report.csv)
    let names = try labels.names(insteadOf: rolls.map(\.choice.name), of: "marble")
    let look = appearance.look
    let figures = RaceFigures(race, rolls, names: names, theme: look.theme)
    var written: [String] = []
    let drawings: [(OutputFile) throws -> Void] = [
      { try $0.write(figures.map, look) },
      { try $0.write(look.animation(figures.movingMap).encoded().bytes) },
      { try $0.write(figures.landscape, look) },
      { file in
        guard let map = figures.rateMap else {
          throw Failure(.usage, "--rate-map needs an optimizer with a learning rate")
        }
        try file.write(map, look)
      },
      { try $0.write(figures.basinMap, look) },
    ]
    for (file, draw) in zip(files, drawings) {
      guard let file else { continue }
      try draw(file)
      written.append(file.path)
    }
    if let frames = motion.frames {
      try look.animation(figures.movingMap).writeFrames(into: frames, &outputs, quiet: output.quiet)
      written.append(frames)
    }
    if output.json {
      Console.output(jsonText(report.record(figures: written)))
    } else {
      let say = table?.isStandardOutput == true ? Console.note(lines:) : Console.output
      if explain { say(report.explanation) }
      say(report.table)
      if !output.quiet { written.forEach { Console.note("wrote \($0)") } }
    }
  }
}

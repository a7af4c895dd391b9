public import ArgumentParser
import Foundation
import ImageLoading
public import Plotting
import Support
import Training

extension HorizontalAxis: ExpressibleByArgument {}
extension Theme: ExpressibleByArgument {}
extension FigureFormat: ExpressibleByArgument {}

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draws the loss and the accuracy of runs from their tables.",
    usage: "marbles plot <run> ... [<options>]",
    discussion: """
      One run is drawn into its own plots folder, whose files are replaced; several
      share a figure in --out.

      Example: marbles plot runs/latest --log --theme synthwave
      """)

  @Argument(help: "Run directories.", completion: .directory, transform: inputPath)
  var runs: [String]

  @Option(name: .customLong("x"), help: "The horizontal axis: epoch, step or time.")
  var horizontalAxis: HorizontalAxis = .epoch

  @Flag(help: "Logarithmic loss.") var log = false

  @Option(
    help: ArgumentHelp(
      "Half-life of the smoothing of the training loss; 0 draws every step (default: by length).",
      valueName: "steps"))
  var smoothing: Double?

  @OptionGroup var labelOptions: LabelOptions
  @OptionGroup var appearance: LookOptions

  @Option(help: "png, svg or pdf.") var format: FigureFormat = .png

  @Option(
    help: ArgumentHelp("Where to write the figures.", valueName: "folder"), completion: .directory,
    transform: filePath)
  var out: String?

  @OptionGroup var write: WriteOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check(smoothing ?? 0, in: 0...1e9, "--smoothing")
    guard runs.count == 1 || out != nil else {
      throw ValidationError("Several runs share one figure; say where with --out <folder>")
    }
    _ = try labelOptions.names(insteadOf: runs, of: "run")
  }

  /// What `--json` prints.
  private struct Report: Encodable { var figures: [String], labels: [String] }

  func run() throws {
    let directories = try runs.map { try RunDirectory(existing: $0) }
    try refuseTwice(directories)
    let labels =
      try labelOptions.labels
      ?? RunFigures.labels(of: directories.map { try RunRecord(contentsOf: $0) })
    let style = RunFigures.Style(
      horizontalAxis: horizontalAxis, isLogarithmic: log, smoothing: smoothing,
      look: appearance.look, format: format, labels: labelOptions.labels)
    let paths =
      if let out {
        try draw(directories, style, into: out)
      } else {
        try RunFigures.draw(directories[0], style: style) { Console.note($0) }
      }
    if output.json {
      Console.output(jsonText(Report(figures: paths, labels: labels)))
    } else {
      paths.forEach(Console.output)
    }
  }

  /// Refuses a run that is given twice, as by `runs/latest` and its own name.
  private func refuseTwice(_ runs: [RunDirectory]) throws {
    var seen: [String: RunDirectory] = [:]
    for run in runs {
      if let first = seen.updateValue(run, forKey: canonicalPath(run.path)) {
        throw Failure(.usage, "\(first.path) and \(run.path) are the same run; give it once")
      }
    }
  }

  /// Draws runs into a folder of the user's, but not among the images they were trained on.
  private func draw(
    _ runs: [RunDirectory], _ style: RunFigures.Style, into folder: String
  ) throws -> [String] {
    let data = Set(try runs.map { try RunRecord(contentsOf: $0).dataLocation })
    var outputs = Outputs(write, data: data.compactMap { try? DatasetLister.survey($0) })
    try outputs.refuseAmongImages(folder: folder)
    try Folder.create(folder)
    let figures = try RunFigures.figures(runs, style) { Console.note($0) }
    let files = try figures.map { name, _ -> OutputFile in
      try outputs.claim("\(folder)/\(name).\(format.rawValue)", .figure(format))
    }
    for (file, (_, figure)) in zip(files, figures) { try file.write(figure, style.look) }
    return files.map(\.path)
  }
}

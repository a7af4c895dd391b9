import ArgumentParser
import ConvNet
import Foundation
import Optimization
import Plotting
import Support
import Tensors
import Training

struct BackpropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backprop",
    abstract: "Walks backpropagation through a small network, number by number.",
    usage: "marbles backprop [<options>]",
    discussion: """
      Forward, every number is computed from those before it; backward, the chain
      rule gives how the loss depends on each. Values and gradients are those of the
      layers that train; each gradient is checked by moving its number a little up
      and down. Then the optimizer takes a step. With --out, every step is a figure.
      Exits with 1 if a gradient is wrong.

      Example: marbles backprop --out backprop
      """)

  @OptionGroup(title: "Network") var options: BackpropOptions

  @Option(
    help: ArgumentHelp(
      "List the ways from this number to the loss, with the factors on them: w11 or x2 (default: "
        + "the first parameter).", valueName: "name"))
  var path: String?

  @Option(
    help: ArgumentHelp(
      "Write figures of the whole and of every step, an animation and a table.",
      valueName: "folder"), completion: .directory, transform: filePath)
  var out: String?

  @OptionGroup(title: "Figure") var appearance: LookOptions

  @Option(help: "png, svg or pdf.") var format: FigureFormat = .png

  @OptionGroup var write: WriteOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if out == nil {
      try LookOptions.refuse(because: "without --out")
      try GivenOptions.refuse("--format", "--overwrite", because: "without --out")
    }
  }

  func run() throws {
    let backpropagation = try options.backpropagation()
    let report = try BackpropagationReport(
      backpropagation, optimizer: options.optimizer, rate: options.rate, path: path)
    let figures = BackpropagationFigures(report, theme: appearance.theme)
    let files = try out.map { try claim(in: $0, stepCount: figures.steps.count) }
    try files?.write(figures, appearance.look, report.csv)
    if output.json {
      Console.output(jsonText(report.record(files: files?.paths ?? [])))
    } else {
      Console.output(report.text)
      if !output.quiet { files?.paths.forEach { Console.note("wrote \($0)") } }
    }
    guard report.passes else { throw Failure(.failed, report.verdict) }
  }

  /// The files that are written.
  private struct Files {
    var whole: OutputFile, steps: [OutputFile], animation: OutputFile, table: OutputFile

    var paths: [String] { [whole.path, animation.path, table.path] + steps.map(\.path) }

    /// The title is that of the whole; steps say which they are.
    func write(
      _ figures: BackpropagationFigures, _ look: FigureLook, _ rows: [[String]]
    ) throws {
      try whole.write(figures.whole, look)
      var untitled = look
      untitled.title = nil
      for (file, figure) in zip(steps, figures.steps) { try file.write(figure, untitled) }
      let moving = GraphAnimation(
        look.titled(figures.whole), steps: figures.steps, width: look.width.map(Double.init),
        height: look.height.map(Double.init))
      try animation.write(moving.encoded().bytes)
      try table.write(csvText(rows))
    }
  }

  private func claim(in folder: String, stepCount: Int) throws -> Files {
    var outputs = Outputs(write)
    try Folder.create(folder)
    let ending = format.rawValue
    return Files(
      whole: try outputs.claim("\(folder)/backprop.\(ending)", .figure(format)),
      steps: try (1...stepCount).map { step in
        try outputs.claim("\(folder)/step-\(step.padded(to: 2)).\(ending)", .figure(format))
      },
      animation: try outputs.claim("\(folder)/backprop-moving.png", .image),
      table: try outputs.claim("\(folder)/backprop.csv", .table))
  }
}

import ArgumentParser
import Foundation
import ImageLoading
import Plotting
import Reports
import Support
import Training

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes what is known of a run on one page that can be sent.",
    usage: "marbles report <run> ... [<options>]",
    discussion: """
      The page is one HTML file that loads nothing: figures, tables, the evaluation
      of the run if there is one, its worst mistakes, what was found in the data, all
      choices and the command that trained it. It goes to report.html of the run, or
      to --out.

      The same for a folder of 'marbles evaluate --out' or of 'marbles compare
      --out'. Several runs are laid side by side, with what differs.

      'marbles evaluate' comes first: a report measures nothing.

      Example: marbles report runs/latest
      """)

  @Argument(
    help: "Run directories; or one folder of an evaluation or of a comparison.",
    completion: .directory, transform: inputPath)
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "Where to write the page (default: report.html in the folder it is of).",
      valueName: "file.html"), completion: .file(extensions: ["html"]), transform: filePath)
  var out: String?

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "Where the images are now, for small ones of the worst mistakes.", valueName: "folder"),
    completion: .dataset, transform: inputPath)
  var movedData: String?

  @Option(
    help: "light, synthwave or print (default: light or dark, as the reader's screen is).")
  var theme: Theme?

  @OptionGroup var write: WriteOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard runs.count == 1 || out != nil else {
      throw ValidationError("Several runs share one report; say where with --out <file.html>")
    }
    guard runs.count == 1 || movedData == nil else {
      throw ValidationError("--data is for the images of one run; leave it out")
    }
    guard runs.count <= Self.mostRuns else {
      throw ValidationError("at most \(Self.mostRuns) runs are laid side by side")
    }
    guard !(output.json && out.map(OutputFile.namesStandardOutput) == true) else {
      throw ValidationError("--json and --out - both want standard output; choose one")
    }
  }

  /// More lines than this cannot be told apart.
  private static let mostRuns = 12

  /// What `--json` prints.
  private struct Summary: Encodable { var report: String, title: String, bytes: Int }

  func run() throws {
    let subject = try ReportSubject(runs, movedData: movedData)
    var outputs = Outputs(write, inputs: subject.inputs, data: subject.listings)
    let path = try out ?? subject.ownPage()
    let file: OutputFile = try outputs.claim(path, .page)
    let look = ReportLook(theme)
    let page = try subject.page(look) { if !output.quiet { Console.note($0) } }
    try file.write(page.text)
    if output.json {
      Console.output(
        jsonText(Summary(report: path, title: page.title, bytes: page.text.utf8.count)))
    } else if !file.isStandardOutput {
      Console.output(path.printable)
    }
  }
}

import ArgumentParser
import ImageLoading
import Support

struct DataScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Reports what a folder of images holds and what is wrong with it.",
    usage: "marbles data scan <data> [<options>]",
    discussion: """
      Every file is read and decoded; nothing is changed.

      Example: marbles data scan photos
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Flag(help: "Exit with 65 if an image is damaged or left out.") var strict = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let listing = try DatasetLister.survey(data)
    var bar = ProgressBar(quiet: output.quiet)
    let report = try DatasetLoader(workers: threads.workers).scan(listing) { done, total in
      bar.show("reading", done: done, of: total, bar.remaining(done: done, of: total))
    }
    bar.clear()
    Console.output(
      output.json ? jsonText(report) : DataReportText.lines(report).joined(separator: "\n"))
    try report.requireReadableClasses(of: listing)
    if strict { try report.requireFlawless() }
  }
}

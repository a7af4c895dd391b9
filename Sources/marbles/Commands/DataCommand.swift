import ArgumentParser
import Foundation
import ImageLoading
import Sketches
import Support
import Training

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Examines folders of images, or draws one for practice.",
    discussion: "Example: marbles data scan photos",
    subcommands: [
      DataScanCommand.self, DataSplitCommand.self, DataViewCommand.self, DataShowCommand.self,
      DataMeanCommand.self, DataStatsCommand.self, DataSketchCommand.self,
    ])
}

struct DataScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Says what a folder of images holds and what is wrong with it.",
    usage: "marbles data scan <data> [<options>]",
    discussion: """
      Every file is read and decoded; nothing is changed.

      Example: marbles data scan photos
      """)

  @Argument(help: "The folder of images.", completion: .dataset) var data: String

  @Flag(help: "Exit with 65 when an image cannot be used or is damaged.") var strict = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let listing = try DatasetLister.survey(data)
    var bar = ProgressBar(quiet: output.quiet)
    let report = DatasetLoader(workers: threads.workers).scan(listing) { done, total in
      bar.show("reading", done: done, of: total, bar.remaining(done: done, of: total))
    }
    bar.clear()
    Console.output(
      output.json ? jsonText(report) : DataReportText.lines(report).joined(separator: "\n"))
    try report.requireReadableClasses(of: listing)
    if strict { try report.requireFlawless() }
  }
}

struct DataSketchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sketch",
    abstract: "Draws a practice set of cats and dogs.",
    usage: "marbles data sketch <out> [<options>]",
    discussion: """
      Half of the images are cats, half dogs, as JPEG and PNG files in OUT/cat and
      OUT/dog.

      Example: marbles data sketch practice --count 1200
      """)

  @Argument(
    help: "The folder to write; it must not hold anything else.", completion: .directory)
  var out: String

  @Option(help: ArgumentHelp("How many images.", valueName: "images")) var count = 1200

  @Option(help: "Same seed, same images.") var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "How often the background gives the animal away: background=0 (never) to background=1.",
      valueName: "background=part"))
  var bias: BackgroundBias?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// `background=0.95`.
  struct BackgroundBias: ExpressibleByArgument {
    let value: Double

    init?(argument: String) {
      let parts = argument.split(separator: "=")
      guard parts.count == 2, parts[0] == "background", let value = Double(parts[1]),
        (0...1).contains(value)
      else { return nil }
      self.value = value
    }
  }

  /// What `--json` prints.
  private struct Report: Encodable { var folder: String, count: Int, seed: UInt64 }

  func validate() throws {
    try check(count, in: 2...10_000_000, "--count")
  }

  func run() throws {
    let artist = SketchArtist(
      configuration: SketchConfiguration(seed: seed, backgroundBias: bias?.value ?? 0))
    try SketchWriter(artist: artist, workers: threads.workers).write(count: count, to: out)
    if output.json {
      Console.output(jsonText(Report(folder: out, count: count, seed: seed)))
    } else {
      Console.output("\(count.counted("image")) of cats and dogs in \(out)")
    }
  }
}

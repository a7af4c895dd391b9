import ArgumentParser
import Foundation
import Sketches
import Support

struct DataSketchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sketch",
    abstract: "Draws a practice set of cats and dogs.",
    usage: "marbles data sketch <out> [<options>]",
    discussion: """
      Half of the images are cats, half dogs, as JPEG and PNG files in OUT/cat and
      OUT/dog. With --list, OUT.csv lists them with what each shows, which
      'marbles evaluate --slices' takes; with --masks, OUT-masks says where the
      animal is.

      Example: marbles data sketch practice --count 1200
      """)

  @Argument(
    help: "The folder to write; it must not hold anything else.", completion: .directory,
    transform: filePath)
  var out: String

  @Option(help: ArgumentHelp("How many images.", valueName: "images")) var count = 1200

  @Option(help: "Same seed, same images.") var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "How often the background gives the animal away: background=0 (never) to background=1.",
      valueName: "background=fraction"))
  var bias: BackgroundBias?

  @Flag(help: "Also write OUT.csv: path, label, backdrop, place, typical and pose of each image.")
  var list = false

  @Flag(help: "Also write OUT-masks: every animal in white on black.") var masks = false

  @Flag(help: "Replace files that have the names of sketches and another content.")
  var overwrite = false

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
  private struct Report: Encodable {
    var folder: String, count: Int, seed: UInt64, list: String?, masks: String?
  }

  func validate() throws {
    try check(count, in: 2...10_000_000, "--count")
  }

  func run() throws {
    let artist = SketchArtist(
      configuration: SketchConfiguration(seed: seed, backgroundBias: bias?.value ?? 0))
    let writer = SketchWriter(artist: artist, workers: threads.workers)
    let (stem, name) = stem(ofFolder: out)
    let (listPath, masksPath) = ("\(stem).csv", "\(stem)-masks")
    var outputs = Outputs(replacesAny: overwrite)
    let listFile = try outputs.claim(list ? listPath : nil, .table, option: "<out>")
    try writer.write(count: count, to: out, replacing: overwrite)
    if masks {
      try SketchWriter(artist: artist, drawing: .masks, workers: threads.workers)
        .write(count: count, to: masksPath, replacing: overwrite)
    }
    try listFile?.write(csvText(writer.list(count: count, in: name)))
    if output.json {
      Console.output(
        jsonText(
          Report(
            folder: out, count: count, seed: seed, list: list ? listPath : nil,
            masks: masks ? masksPath : nil)))
    } else {
      Console.output("\(count.counted("image")) of cats and dogs in \(out)")
      if list { Console.output("listed in \(listPath)") }
      if masks { Console.output("masks in \(masksPath)") }
    }
  }
}

import ArgumentParser
import ImageLoading
import Support
import Training

struct DataSplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Splits images once, for several runs.",
    usage: "marbles data split <data> --out <split.json> [<options>]",
    discussion: """
      Writes which images are for training, validation and test. Copies and images
      that look nearly the same stay in one part. 'marbles train --split-file' uses
      the file as it is.

      Example: marbles data split photos --out split.json --test-split 0.2
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(
    help: ArgumentHelp("The file to write.", valueName: "split.json"), completion: .splitFile,
    transform: filePath)
  var out: String

  @Option(
    help: ArgumentHelp(
      "Fraction of each class for validation; of three images or more at least one.",
      valueName: "fraction"))
  var validationSplit = 0.1

  @Option(
    help: ArgumentHelp(
      "Fraction of each class for the final test; of three images or more at least one.",
      valueName: "fraction"))
  var testSplit = 0.1

  @Option(help: "Same seed, same split.") var seed: UInt64 = 1

  @OptionGroup var write: WriteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    var file: String, seed: UInt64
    var train: Int, validation: Int, test: Int
  }

  func validate() throws {
    try checkHeldOut(validationSplit: validationSplit, testSplit: testSplit)
  }

  func run() throws {
    let listing = try DatasetLister.list(data)
    try GivenOptions.refuseFractions(of: listing)
    var outputs = Outputs(write, data: [listing])
    let file: OutputFile = try outputs.claim(out, .split)
    guard !(output.json && file.isStandardOutput) else {
      throw Failure(.usage, "--json and --out \(out) both want standard output; choose one")
    }
    // The default size of a run, because images are hashed as they are decoded.
    let loaded = try loadShowingProgress(
      listing, ImageGeometry(imageSize: 64, fit: .crop), threads.workers,
      quiet: output.quiet)
    let divided = try TrainingData(
      loaded, validationSplit: validationSplit, testSplit: testSplit, seed: seed)
    let split = divided.split
    if !output.quiet {
      for note in divided.loaded.report.notes { Console.note("data   \(note.printable)") }
    }
    try file.write(prettyJSON(split))
    if file.isStandardOutput { return }
    let counts = Split.Part.allCases.map { split.indices(of: $0).count }
    if output.json {
      Console.output(
        jsonText(
          Report(
            file: out, seed: seed, train: counts[0], validation: counts[1], test: counts[2])))
    } else {
      Console.output(
        "\(counts[0].grouped) to train · \(counts[1].grouped) to validate · "
          + "\(counts[2].grouped) to test, in \(out)"
      )
    }
  }
}

/// Checks the fractions of images that are held out from training.
///
/// - Throws: `ValidationError` naming the options and their range.
func checkHeldOut(validationSplit: Double, testSplit: Double) throws {
  try check(validationSplit, in: 0...0.9, "--validation-split")
  try check(testSplit, in: 0...0.9, "--test-split")
  // Rounded, for 0.9 + 0.05 is more than 0.95 in binary.
  let together = ((validationSplit + testSplit) * 1e9).rounded() / 1e9
  try check(together, in: 0...0.95, "--validation-split and --test-split together")
}

import ArgumentParser
import Foundation
import ImageLoading
import MessagePassing
import Optimization
import Plotting
import Support
import Tensors
import Training

struct EvaluateCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures how good a checkpoint is.",
    usage: "marbles evaluate <checkpoint> [<data>] [<options>]",
    discussion: """
      Without DATA, the run's own test images are used, which it never saw. With
      DATA, a folder with some or all of the same classes, all its images are used;
      those with the same bytes as a file the run was trained on are also counted
      apart. Images saved again or resized are not recognized as the same.

      Figures, mistakes, predictions and all numbers go to the folder 'evaluation' of
      the run, or to that of --out.

      Example: marbles evaluate runs/latest
      """)

  @OptionGroup var checkpoint: CheckpointArgument

  @Argument(
    help: "A folder of images (default: the run's own test images).", completion: .dataset,
    transform: inputPath)
  var data: String?

  @Option(help: "Which of the run's own images: train, validation or test.")
  var part: Split.Part?

  @Option(
    help: ArgumentHelp("Write one line per image.", valueName: "file.csv"), completion: .csvFile,
    transform: filePath)
  var predictions: String?

  @Option(
    help: ArgumentHelp(
      "Draw what images of each class were taken for: .png, .svg or .pdf.",
      valueName: "figure"),
    completion: .figure, transform: filePath)
  var confusion: String?

  @Option(
    help: ArgumentHelp(
      "Write all figures and tables to a folder (default: that of a run whose own test images are "
        + "measured).", valueName: "folder"),
    completion: .directory, transform: filePath)
  var out: String?

  @Option(help: "With --out: png, svg or pdf.") var format: FigureFormat = .png

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp("Where the run's own images are now.", valueName: "folder"),
    completion: .dataset, transform: inputPath)
  var movedData: String?

  @Option(
    help: ArgumentHelp(
      "Also measure parts of the images by themselves: by brightness, size, aspect or format, or "
        + "by a column of a CSV list; several with commas.", valueName: "quantities"),
    transform: SliceChoice.parse)
  var slices: SliceChoice?

  @OptionGroup(title: "Figure") var appearance: LookOptions
  @OptionGroup var testTime: TestTimeOptions
  @OptionGroup var products: PrecisionOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard data == nil || part == nil else {
      throw ValidationError("--part names images of the run; leave out DATA")
    }
    guard data == nil || movedData == nil else {
      throw ValidationError("--data says where the run's own images are now; leave out DATA")
    }
    if predictions == nil, confusion == nil, out == nil {
      try GivenOptions.refuse("--overwrite", because: "without a file to write")
    }
    if out == nil { try GivenOptions.refuse("--format", because: "without --out: add it") }
    if confusion == nil, out == nil {
      try LookOptions.refuse(because: "without --confusion or --out: add one")
    }
    if confusion == nil {
      try GivenOptions.refuse("--title", because: "for several figures: add --confusion")
    }
    guard !(output.json && predictions.map(OutputFile.namesStandardOutput) == true) else {
      throw ValidationError("--json and --predictions - both want standard output; choose one")
    }
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    let workers = threads.workers(among: ranks)
    let model = try checkpoint.load()
    try ranks?.requireSame([model])
    let network = try model.description.makeNetwork()
    try network.requireMemory(toEvaluate: Evaluator.batchSize, workers: workers)
    let precision = try products.of(model, quiet: output.quiet)
    let images = try images(of: model)
    let files = try workers.onFirst { try claim(besides: images.listing) }
    try slices?.check(images.listing, quiet: output.quiet)
    let (loaded, indices) = try images.load(workers, cache: cache, quiet: output.quiet)
    let evaluator = Evaluator(
      model.description, network: network, workers: workers,
      averagesMirrored: testTime.averagesMirrored, precision: precision)
    let outputs = try evaluator.outputs(
      of: loaded, indices: indices, parameters: model.parameters, statistics: model.statistics,
      withFeatures: model.description.answering != nil)
    guard outputs.logits.allSatisfy(\.isFinite) else { throw checkpoint.notFinite }
    guard var files else { return }
    var report = try EvaluationReport(
      of: model, file: checkpoint.file, source: images.source,
      part: data == nil ? part ?? .test : nil, outputs: outputs,
      // The folder may lack a class, or have them in another order; all it has images of are known.
      labels: indices.compactMap {
        model.description.classes.firstIndex(
          of: loaded.classNames[loaded.images[$0].classIndex])
      },
      paths: indices.map { loaded.images[$0].path },
      partsInRun: partsInRun(of: indices.map { loaded.images[$0] }, model),
      skipped: loaded.report.skipped)
    report.averagesMirrored = testTime.averagesMirrored
    report.precision = precision
    report.slices = try slices?.slices(of: loaded, indices, images.listing, hits: report.hits)
    if let trainedOn = report.trainedOn, trainedOn > 0, !output.quiet {
      Console.note(
        "warning: the run was trained on \(trainedOn.grouped) of these "
          + "\(indices.count.counted("image")), which it knows by heart; other images show what it "
          + "has learned")
    }
    let figures = EvaluationFigures(report: report, theme: appearance.theme) { images in
      try loaded.bitmaps(
        at: images.map { indices[$0] }, imageSize: model.description.imageSize)
    }
    try files.predictions?.write(report.predictionTable)
    try files.confusion?.write(figures.confusion, appearance.look)
    let folder = try files.write(report, figures, appearance.look, quiet: output.quiet)
    if output.json {
      Console.output(jsonText(EvaluationSummary(report, folder: folder)))
    } else {
      say(report, folder)
    }
  }

  /// Prints what is measured, and where it is written.
  private func say(_ report: EvaluationReport, _ folder: String?) {
    // A table on standard output stays alone there.
    let isTaken = predictions.map(OutputFile.namesStandardOutput) == true
    let say = isTaken ? Console.note(lines:) : Console.output
    say(EvaluationText.text(report))
    if let predictions, predictions != "-" { say("\nlisted in \(predictions.printable)") }
    if let confusion { say("\ndrawn in \(confusion.printable)") }
    guard let folder else {
      if testTime.averagesMirrored, usualFolder != nil { say("\nfigures with --tta need --out") }
      return
    }
    say("\nfigures, predictions and all numbers are in \(folder.printable)")
    let leftOut = report.mistakes.dropFirst(EvaluationFigures.mostSheets)
    if !leftOut.isEmpty {
      say(
        "\(EvaluationFigures.mostSheets) kinds of mistakes have a sheet there; "
          + "\(leftOut.count.grouped) rarer ones do not "
          + "(\(leftOut.reduce(0) { $0 + $1.images.count }.counted("image")))")
    }
    if report.classes.count > EvaluationFolder.mostConfusedClasses {
      say("no figure has room for the confusion of \(report.classes.count.grouped) classes")
    }
  }
}

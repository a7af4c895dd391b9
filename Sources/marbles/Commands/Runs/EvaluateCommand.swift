import ArgumentParser
import Foundation
import ImageLoading
import Optimization
import Plotting
import Support
import Tensors
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures how good a checkpoint is.",
    usage: "marbles evaluate <checkpoint> [<data>] [<options>]",
    discussion: """
      Without DATA, the run's own test images are used, which it never saw. With
      DATA, a folder with some or all of the same classes, all its images are used;
      those with the same bytes as a file the run was trained on are also counted
      apart. Images saved again or resized are not recognized as the same.

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
    if predictions == nil, confusion == nil {
      try GivenOptions.refuse("--overwrite", because: "without a file to write")
    }
    if confusion == nil { try LookOptions.refuse(because: "without --confusion: add it") }
    guard !(output.json && predictions.map(OutputFile.namesStandardOutput) == true) else {
      throw ValidationError("--json and --predictions - both want standard output; choose one")
    }
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    var checkpoint: String, data: String, part: String?, objective: ObjectiveChoice
    var count: Int, loss: Double, accuracy: Double
    var accuracyLow: Double, accuracyHigh: Double
    var balancedAccuracy: Double, majorityAccuracy: Double
    var classes: [String], absent: [String]
    var confusion: [[Int]], scores: [Evaluation.ClassScore]
    /// Of the images, those trained on, and those that chose the epoch; all others by themselves.
    var trainedOn: Int?, validatedOn: Int?, unseen: Unseen?
    var slices: [EvaluationSlice]?
    var skipped: [DataReport.Finding]
  }

  /// The images that the run has not used.
  private struct Unseen: Encodable {
    var count: Int, accuracy: Double, accuracyLow: Double, accuracyHigh: Double

    init(_ evaluation: Evaluation) {
      (count, accuracy) = (evaluation.count, evaluation.accuracy)
      accuracyLow = evaluation.accuracyInterval.lowerBound
      accuracyHigh = evaluation.accuracyInterval.upperBound
    }
  }

  func run() throws {
    let model = try checkpoint.load()
    let network = try model.description.makeNetwork()
    try network.requireMemory(toEvaluate: Evaluator.batchSize, workers: threads.workers)
    let images = try images(of: model)
    let files = try claim(besides: images.listing)
    try slices?.check(images.listing)
    let (loaded, indices) = try images.load(threads.workers, cache: cache, quiet: output.quiet)
    let source = images.source
    let evaluator = Evaluator(
      network: network, normalization: model.description.normalization, workers: threads.workers,
      averagesMirrored: testTime.averagesMirrored)
    let logits = try evaluator.logits(
      of: loaded, indices: indices, parameters: model.parameters,
      statistics: model.statistics)
    guard logits.allSatisfy(\.isFinite) else { throw checkpoint.notFinite }
    let classes = model.description.classes
    // The folder may lack a class, or have them in another order; all it has images of are known.
    let targets = indices.compactMap {
      classes.firstIndex(of: loaded.classNames[loaded.images[$0].classIndex])
    }
    let choice = model.description.objective ?? .crossEntropy
    let objective = try choice.makeObjective(classCount: classes.count)
    let evaluation = Evaluation(
      logits: logits, targets: targets, classes: classes, objective: objective)
    let found = try slices?.slices(
      of: loaded, indices, images.listing,
      hits: targets.indices.map { position in
        logits[position * classes.count..<(position + 1) * classes.count].offsetOfLargest
          == targets[position]
      })
    let parts = partsInRun(of: indices.map { loaded.images[$0] })
    let others = (parts ?? []).indices.filter { parts?[$0] == nil }
    let unseen =
      others.isEmpty || others.count == indices.count
      ? nil
      : Evaluation(
        logits: others.flatMap { logits[$0 * classes.count..<($0 + 1) * classes.count] },
        targets: others.map { targets[$0] }, classes: classes, objective: objective)
    let trainedOn = parts?.count { $0 == .train }
    let validatedOn = parts?.count { $0 == .validation }
    if let trainedOn, trainedOn > 0, !output.quiet {
      Console.note(
        "warning: the run was trained on \(trainedOn.grouped) of these "
          + "\(indices.count.counted("image")), which it knows by heart; other images show what it "
          + "has learned")
    }
    if let file = files.predictions {
      let rows = indices.enumerated().map { position, index in
        PredictionRow(
          path: loaded.images[index].path, label: classes[targets[position]],
          prediction: Prediction(
            classes: classes,
            logits: Array(logits[position * classes.count..<(position + 1) * classes.count])))
      }
      try file.write(PredictionRow.table(rows, classes: classes))
    }
    let interval = evaluation.accuracyInterval
    if let file = files.confusion {
      let figure = ConfusionFigure(
        title: "What images were taken for",
        subtitle: "\(evaluation.accuracy.percentage()) of "
          + "\(evaluation.count.counted("image")) right · \(source)",
        classes: classes.map(\.printable), counts: evaluation.confusion,
        theme: appearance.theme)
      try file.write(figure, appearance.look)
    }
    if output.json {
      Console.output(
        jsonText(
          Report(
            checkpoint: checkpoint.file, data: source, part: part?.rawValue,
            objective: choice, count: evaluation.count, loss: evaluation.loss,
            accuracy: evaluation.accuracy,
            accuracyLow: interval.lowerBound, accuracyHigh: interval.upperBound,
            balancedAccuracy: evaluation.balancedAccuracy,
            majorityAccuracy: evaluation.majorityAccuracy,
            classes: classes, absent: evaluation.absentClasses,
            confusion: evaluation.confusion, scores: evaluation.scores,
            trainedOn: trainedOn, validatedOn: validatedOn, unseen: unseen.map(Unseen.init),
            slices: found, skipped: loaded.report.skipped)))
      return
    }
    // A table on standard output stays alone there.
    let isTaken = predictions.map(OutputFile.namesStandardOutput) == true
    let say = isTaken ? Console.note(lines:) : Console.output
    say(
      """
      \(evaluation.count.counted("image")) of \(source.printable)
      accuracy  \(evaluation.accuracy.percentage())   \
      (95% interval \(interval.lowerBound.percentage()) to \(interval.upperBound.percentage()))
      balanced  \(evaluation.balancedAccuracy.percentage())   \
      (mean recall; always the largest class: \(evaluation.majorityAccuracy.percentage()))
      loss      \(evaluation.loss.digits(4))   (\(choice))
      """)
    if let trainedOn, let validatedOn, trainedOn + validatedOn > 0 {
      say(
        "seen      \(trainedOn.grouped) trained on, \(validatedOn.grouped) used for validation "
          + "(the same bytes)")
    }
    if let unseen {
      let interval = unseen.accuracyInterval
      say(
        "unseen    \(unseen.accuracy.percentage()) of \(unseen.count.counted("other image"))   "
          + "(95% interval \(interval.lowerBound.percentage()) to "
          + "\(interval.upperBound.percentage()))")
    }
    let absent = evaluation.absentClasses
    if !absent.isEmpty {
      say(
        "absent    no image of "
          + absent.map(\.printable).joined(separator: ", ") + ": nothing is known "
          + "about \(absent.count == 1 ? "it" : "them")")
    }
    say("\n\(EvaluationTable.text(evaluation))")
    if let found { say("\n\(SliceTable.text(found, of: evaluation))") }
    if let predictions, predictions != "-" { say("\nlisted in \(predictions.printable)") }
    if let confusion { say("\ndrawn in \(confusion.printable)") }
  }
}

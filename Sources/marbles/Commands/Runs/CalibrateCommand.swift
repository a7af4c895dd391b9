import ArgumentParser
import ImageLoading
import Statistics
import Support
import Training

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Chooses how sure a network says it is, and when it does not know.",
    usage: "marbles calibrate <checkpoint> [<data>] --out <file> [<options>]",
    discussion: """
      Training does it by itself, on the images for validation; this does it again,
      on others or for another coverage, and writes a new checkpoint. The images
      must not be those that the network was trained on, which it knows too well.
      Logits are divided by a temperature that fits the probabilities to how often
      the network is right; the labels stay the same.

      Example: marbles calibrate runs/latest --coverage 0.9 --out careful.safetensors
      """)

  @OptionGroup var checkpoint: CheckpointArgument

  @Argument(
    help: "A folder of images (default: the run's own validation images).", completion: .dataset,
    transform: inputPath)
  var data: String?

  @Option(
    help: ArgumentHelp("The checkpoint to write.", valueName: "file"), completion: .checkpoint,
    transform: filePath)
  var out: String

  @Option(
    help: ArgumentHelp("The fraction of the images that is answered.", valueName: "fraction"))
  var coverage = AnswerRule.usualCoverage

  @OptionGroup var write: WriteOptions
  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check(coverage, in: 0.5...0.999, "--coverage")
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    var checkpoint: String, data: String
    var temperature: Float
    var leastSimilarity: Float, leastProbability: Float
    var answers: AnswerCounts
  }

  func run() throws {
    var model = try checkpoint.load()
    let network = try model.description.makeNetwork()
    try network.requireMemory(toEvaluate: Evaluator.batchSize, workers: threads.workers)
    let images =
      try data.map { try CheckpointImages(folder: $0, for: model) }
      ?? CheckpointImages(parts: .validation, of: checkpoint, model, moved: nil)
    var outputs = Outputs(write, inputs: [checkpoint.file], data: [images.listing])
    let file: OutputFile = try outputs.claim(out, .checkpoint)
    let (loaded, indices) = try images.load(threads.workers, cache: cache, quiet: output.quiet)
    let classes = model.description.classes
    let targets = indices.compactMap {
      classes.firstIndex(of: loaded.classNames[loaded.images[$0].classIndex])
    }
    let evaluator = Evaluator(
      model.description, network: network, workers: threads.workers)
    let found = try evaluator.outputs(
      of: loaded, indices: indices, parameters: model.parameters, statistics: model.statistics)
    guard found.logits.allSatisfy(\.isFinite) else { throw checkpoint.notFinite }
    let before = model.description.predictions(found, alwaysAnswers: true)
    model.description.calibrate(found, targets: targets, coverage: coverage)
    guard let rule = model.description.answering, let temperature = model.description.temperature
    else {
      throw Failure(
        .data,
        "\(images.source): \(indices.count.counted("image")) do not tell when the network knows; "
          + "expected \(AnswerRule.fewestImages) or more, \(AnswerRule.fewestOfClass) of every "
          + "class, and a network with layers before its last")
    }
    let after = model.description.predictions(found)
    let known = checkpoint.partsInRun(of: indices.map { loaded.images[$0] }, model) ?? []
    if case let count = known.count(where: { $0 == .train }), count > 0, !output.quiet {
      Console.note(
        "warning: the run was trained on \(count.grouped) of these "
          + "\(indices.count.counted("image")), which it knows too well to be calibrated on")
    }
    let answers = AnswerCounts(after.map(\.verdict), hits: found.hits(targets))
    try file.write(model)
    if output.json {
      Console.output(
        jsonText(
          Report(
            checkpoint: out, data: images.source, temperature: temperature,
            leastSimilarity: rule.leastSimilarity,
            leastProbability: rule.leastProbability, answers: answers)))
    } else {
      let says =
        "says      \(after.meanProbability.percentage()) on average, "
        + "\(before.meanProbability.percentage()) before   "
        + "(temperature \(Double(temperature).short))"
      Console.output(
        [images.source.printable, answers.text, says, out].joined(separator: "\n"))
      if answers.answeredRight * answers.images < answers.right * answers.answered {
        Console.note(
          "warning: it is right less often on what it answers than on all; these features do not "
            + "tell what it knows")
      }
    }
  }
}

extension AnswerCounts {
  /// What is answered, and what it gains.
  var text: String {
    let answering = Proportion(hits: answered, of: images)
    let (low, high) = (answering.interval.lowerBound, answering.interval.upperBound)
    let rate = Proportion(hits: answeredRight, of: answered).fraction
    return """
      answers   \(answering.fraction?.percentage() ?? "none") of \(images.counted("image"))   \
      (95% interval \(low.percentage()) to \(high.percentage()))
      right     \(rate?.percentage() ?? "none") of those   \
      (\(Proportion(hits: right, of: images).fraction?.percentage() ?? "none") if it always answers)
      unsure    \(unsure.grouped)
      none      \(self.none.grouped) said to be of none of the classes
      """
  }
}

extension [Prediction] {
  /// The mean probability of the labels.
  fileprivate var meanProbability: Double {
    reduce(0) { $0 + Double($1.probability) } / Double(Swift.max(1, count))
  }
}

extension Prediction {
  /// The probability of the label; with the label in parentheses where it is no answer.
  var sureness: String {
    let text = Double(probability).percentage()
    return verdict == .answered ? text : "(\(self.label.fitted(12)) \(text))"
  }
}

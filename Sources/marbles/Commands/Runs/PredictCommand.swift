import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import MessagePassing
import Support
import Tensors
import Training

struct PredictCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classifies images.",
    usage: "marbles predict <checkpoint> <path> ... [<options>]",
    discussion: """
      A path is a file or a folder; '-' reads file names from standard input, one per
      line. An image that cannot be read is named and skipped, and the exit code
      is then 65.

      Of an image unlike those it was trained on, a network says 'none of these',
      and 'unsure' where its classes are hard to tell apart; the class that is most
      probable all the same stands in parentheses, and --always-answer gives it.
      What a network says depends on what it has seen: one of a few hundred images
      takes much for what it knows. Runs with few validation images, and older
      ones, always answer.

      Example: marbles predict runs/latest photo.jpg holiday/
      """)

  @OptionGroup var checkpoint: CheckpointArgument

  @Argument(help: "Files or folders, or '-'.", completion: .file(), transform: filePath)
  var paths: [String]

  @Flag(
    help: "Print CSV: path, prediction, one probability per class, and the verdict if there is one."
  ) var csv = false

  @Flag(help: "Give the most probable class also where the network does not know.")
  var alwaysAnswer = false

  @OptionGroup var testTime: TestTimeOptions
  @OptionGroup var products: PrecisionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if output.json {
      try GivenOptions.refuse("--csv", because: "with --json: give one of them")
    }
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Prediction: Encodable {
      var path: String, prediction: String, verdict: AnswerRule.Verdict
      var similarity: Float?
      var probabilities: [Float], logits: [Float]
    }
    struct Skipped: Encodable { var path: String, reason: String }
    var checkpoint: String
    var classes: [String]
    var predictions: [Prediction], skipped: [Skipped]
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    let workers = threads.workers(among: ranks)
    let model = try checkpoint.load()
    try ranks?.requireSame([model])
    // Only the first process has standard input.
    let found = try workers.onFirst { try paths.map(expand) } ?? []
    let files = try workers.first(found.flatMap(\.files))
    let ignored = found.flatMap(\.ignored)
    guard !files.isEmpty else {
      let hint = LeftOutFiles.text(ignored, "ignored").map { "; \($0)" } ?? ""
      throw Failure(
        .data, "\(paths.joined(separator: ", ")): no files in there\(hint); give an image")
    }
    let precision = try products.of(model, quiet: output.quiet)
    let classifier = try Classifier(
      model, workers: workers, batchSize: min(files.count, 64),
      averagesMirrored: testTime.averagesMirrored, alwaysAnswers: alwaysAnswer,
      precision: precision)
    let classes = classifier.classes
    var rows: [PredictionRow] = []
    var skipped: [(path: String, reason: String)] = []
    for (path, prediction) in zip(files, try classifier.predictions(for: files)) {
      switch prediction {
      case .success(let prediction):
        guard prediction.logits.allSatisfy(\.isFinite) else { throw checkpoint.notFinite }
        rows.append(PredictionRow(path: path, label: nil, prediction: prediction))
      case .failure(let reason): skipped.append((path, reason.text))
      }
    }
    if output.json {
      Console.output(
        jsonText(
          Report(
            checkpoint: checkpoint.file, classes: classes,
            predictions: rows.map {
              .init(
                path: $0.path, prediction: $0.prediction.answer, verdict: $0.prediction.verdict,
                similarity: $0.prediction.similarity, probabilities: $0.prediction.probabilities,
                logits: $0.prediction.logits)
            },
            skipped: skipped.map { .init(path: $0.path, reason: $0.reason) })))
    } else if csv {
      Console.output(
        String(
          PredictionRow.table(
            rows, classes: classes,
            hasVerdicts: model.description.answering != nil && !alwaysAnswer
          ).dropLast()))
    } else {
      printTable(rows, classes)
    }
    if !output.quiet { LeftOutFiles.note(ignored: ignored) }
    for file in skipped { Console.note("skipped \(file.path): \(file.reason)") }
    if !skipped.isEmpty {
      throw Failure(
        .data, "\(skipped.count) of \(files.count.counted("file")) could not be read as an image")
    }
  }

  private func expand(
    _ path: String
  ) throws -> (files: [String], ignored: [DataReport.Finding]) {
    guard path == "-" else {
      do {
        return try DatasetLister.files(below: path)
      } catch DatasetError.folderMissing {
        throw Failure(.inputMissing, "\(path): no such file or folder")
      }
    }
    var lines: [String] = []
    while let line = readLine() {
      guard !line.contains("\0") else {
        throw Failure(
          .data, "standard input: holds no file names; give an image as a file")
      }
      if !line.isEmpty { lines.append(try filePath(line)) }
    }
    return (lines, [])
  }

  private func printTable(_ rows: [PredictionRow], _ classes: [String]) {
    guard !rows.isEmpty else { return }
    let answers = rows.map(\.prediction.answer)
    let labelWidth = max(10, (classes + answers).map { $0.fitted(16).count }.max() ?? 0)
    // A path is cut for a person's eyes alone.
    let room = Console.outputIsTerminal ? max(20, Console.width - labelWidth - 16) : .max
    let pathWidth = min(rows.map { $0.path.count }.max() ?? 0, room)
    Console.output(
      "\("image".left(pathWidth))  \("prediction".left(labelWidth))  probability")
    for (row, answer) in zip(rows, answers) {
      Console.output(
        [
          row.path.fitted(pathWidth).left(pathWidth),
          answer.fitted(16).left(labelWidth),
          row.prediction.sureness.right(11),
        ].joined(separator: "  "))
    }
  }
}

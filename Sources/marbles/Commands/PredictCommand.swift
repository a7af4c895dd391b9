import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import Support
import Tensors
import Training

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Says what is on pictures.",
    usage: "marbles predict <checkpoint> <path> ... [<options>]",
    discussion: """
      A path is a file or a folder; '-' reads file names from standard input, one a
      line. A picture that cannot be read is named and skipped, and the exit code
      is then 65.

      Example: marbles predict runs/latest photo.jpg holiday/
      """)

  @OptionGroup var checkpoint: CheckpointArgument

  @Argument(help: "Files or folders, or '-'.", completion: .file()) var paths: [String]

  @Flag(help: "Print CSV: path, prediction, one probability per class.") var csv = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Prediction: Encodable {
      var path: String, prediction: String
      var probabilities: [Float], logits: [Float]
    }
    struct Skipped: Encodable { var path: String, reason: String }
    var checkpoint: String
    var classes: [String]
    var predictions: [Prediction], skipped: [Skipped]
  }

  func run() throws {
    let model = try checkpoint.load()
    let classes = model.description.classes
    let files = try paths.flatMap(expand)
    guard !files.isEmpty else {
      throw Failure(.data, "\(paths.joined(separator: ", ")): no files in there")
    }
    let (rows, skipped) = try predict(files, model)
    if output.json {
      Console.output(
        jsonText(
          Report(
            checkpoint: checkpoint.file, classes: classes,
            predictions: rows.map {
              .init(
                path: $0.path, prediction: classes[$0.answer], probabilities: $0.probabilities,
                logits: $0.logits)
            },
            skipped: skipped.map { .init(path: $0.path, reason: $0.reason) })))
    } else if csv {
      Console.output(String(PredictionRow.table(rows, classes: classes).dropLast()))
    } else {
      printTable(rows, classes)
    }
    for file in skipped { Console.note("skipped \(file.path): \(file.reason)") }
    if !skipped.isEmpty {
      throw Failure(
        .data, "\(skipped.count) of \(files.count.counted("file")) could not be read as a picture")
    }
  }

  private func expand(_ path: String) throws -> [String] {
    guard path == "-" else {
      do {
        return try DatasetLister.files(below: path)
      } catch DatasetError.folderMissing {
        throw Failure(.inputMissing, "\(path): no such file or folder")
      }
    }
    var lines: [String] = []
    while let line = readLine() {
      if !line.isEmpty { lines.append(line) }
    }
    return lines
  }

  /// Runs the files through the network, some at a time, so that memory stays flat.
  private func predict(
    _ files: [String], _ model: Checkpoint
  ) throws -> (rows: [PredictionRow], skipped: [(path: String, reason: String)]) {
    let batchSize = max(1, min(files.count, 64))
    let network = try model.description.makeNetwork()
    let evaluator = Evaluator(
      network: network, normalization: model.description.normalization, workers: threads.workers,
      batchSize: batchSize)
    let reader = ImageReader(geometry: model.description.geometry, workers: threads.workers)
    var rows: [PredictionRow] = []
    var skipped: [(path: String, reason: String)] = []
    for start in stride(from: 0, to: files.count, by: batchSize) {
      let chunk = Array(files[start..<min(start + batchSize, files.count)])
      let pictures = reader.read(chunk)
      let readable = zip(chunk, pictures).compactMap { path, picture in
        (try? picture.get()).map { (path: path, pixels: $0.pixels) }
      }
      for (path, picture) in zip(chunk, pictures) {
        if case .failure(let reason) = picture { skipped.append((path, reason.text)) }
      }
      let logits = evaluator.logits(
        of: readable.flatMap(\.pixels), count: readable.count,
        parameters: model.parameters, statistics: model.statistics)
      for (index, picture) in readable.enumerated() {
        rows.append(
          PredictionRow(
            path: picture.path, truth: nil,
            logits: Array(
              logits[index * network.classCount..<(index + 1) * network.classCount])))
      }
    }
    return (rows, skipped)
  }

  private func printTable(_ rows: [PredictionRow], _ classes: [String]) {
    guard !rows.isEmpty else { return }
    let answerWidth = max(10, classes.map { $0.fitted(16).count }.max() ?? 0)
    let pathWidth = min(
      rows.map { $0.path.count }.max() ?? 0, max(20, Console.width - answerWidth - 16))
    Console.output(
      "\("picture".left(pathWidth))  \("prediction".left(answerWidth))  probability")
    for row in rows {
      Console.output(
        [
          row.path.fitted(pathWidth).left(pathWidth),
          classes[row.answer].fitted(16).left(answerWidth),
          Double(row.probabilities[row.answer]).percent.right(11),
        ].joined(separator: "  "))
    }
  }
}

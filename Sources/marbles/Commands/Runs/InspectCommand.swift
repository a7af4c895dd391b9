import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import Optimization
import Support
import Tensors
import Training

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what is in a checkpoint, a run or an image.",
    usage: "marbles inspect <path> [<options>]",
    discussion: "Example: marbles inspect runs/latest/checkpoints/best.safetensors")

  @Argument(
    help: "A .safetensors file, a run directory or an image.", completion: .file(),
    transform: inputPath)
  var path: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    if isFolder(path) {
      try describe(RunDirectory(existing: path))
    } else if case let file = CheckpointArgument.file(path), file.hasSuffix(".safetensors") {
      try describe(Checkpoint(contentsOf: file))
    } else {
      try describeImage()
    }
  }

  private func describe(_ run: RunDirectory) throws {
    let record = try RunRecord(contentsOf: run)
    if output.json { return Console.output(jsonText(record)) }
    let choices = record.configuration
    var lines = [
      ("run", record.name), ("status", record.status.rawValue),
      ("started", record.started.formatted(.iso8601)),
      ("data", choices.data), ("classes", record.classes.joined(separator: ", ")),
      (
        "images",
        "\(record.trainingCount.grouped) to train · \(record.validationCount.grouped) to "
          + "validate · \(record.testCount.grouped) to test"
      ),
      ("network", choices.model ?? choices.architecture),
      (
        "input",
        (["\(choices.imageSize)×\(choices.imageSize)", choices.fit.rawValue]
          + choices.imageChanges).joined(separator: ", ")
      ),
      ("optimizer", choices.optimizerTexts.joined(separator: ", ")),
      ("objective", choices.objectiveTexts.joined(separator: ", ")),
    ]
    if let precision = choices.precision { lines.append(("precision", precision.rawValue)) }
    if let result = record.result {
      lines.append(
        choices.keepsLast
          ? ("last", "epoch \(result.bestEpoch)")
          : ("best", "epoch \(result.bestEpoch) of \(choices.epochs)"))
      if let accuracy = result.validationAccuracy {
        lines.append(("validation", accuracy.percentage()))
      }
      if let accuracy = result.testAccuracy { lines.append(("test", accuracy.percentage())) }
    }
    printLines(lines)
  }

  /// What `--json` prints for a checkpoint.
  private struct CheckpointReport: Encodable {
    struct Array: Encodable { var name: String, shape: [Int] }
    var description: ModelDescription
    var parameterCount: Int
    var network: NetworkSummary
    var arrays: [Array]
  }

  private func describe(_ checkpoint: Checkpoint) throws {
    let description = checkpoint.description
    let slots = checkpoint.parameters.layout.slots + checkpoint.statistics.layout.slots
    if output.json {
      return Console.output(
        jsonText(
          CheckpointReport(
            description: description, parameterCount: checkpoint.parameters.layout.count,
            network: NetworkSummary(try description.makeNetwork()),
            arrays: slots.map { .init(name: $0.name, shape: $0.shape) })))
    }
    var lines = [
      ("checkpoint", "Marbles format \(description.format)"), ("run", description.run),
      ("epoch", "\(description.epoch), step \(description.step.grouped)"),
      ("classes", description.classes.joined(separator: ", ")),
      ("input", "\(description.imageSize)×\(description.imageSize)×3, \(description.fit.rawValue)"),
      ("network", description.model ?? "own"), ("layers", description.architecture),
      ("parameters", checkpoint.parameters.layout.count.grouped),
    ]
    if let precision = description.precision {
      lines.append(("trained in", precision.rawValue))
    }
    if let loss = description.validationLoss, let accuracy = description.validationAccuracy {
      lines.append(("validation", "loss \(loss.digits(4)), \(accuracy.percentage()) right"))
    }
    if let temperature = description.temperature {
      lines.append(("temperature", Double(temperature).short))
    }
    if let rule = description.answering {
      lines.append(
        (
          "answers",
          "\(rule.coverage.percentage()) of the \(rule.imageCount.counted("image")) it was "
            + "calibrated on"
        ))
    }
    printLines(lines)
    Console.output("")
    for line in NetworkSummary(try description.makeNetwork()).lines(batchSize: 1) {
      Console.output(line)
    }
    Console.output("")
    for slot in slots {
      Console.output(
        "  \(slot.name.left(26)) \(slot.shape.map(String.init).joined(separator: "×"))")
    }
  }

  /// What `--json` prints for an image.
  private struct ImageReport: Encodable {
    var format: String, width: Int, height: Int, bytes: Int
    var remarks: [String]
  }

  private func describeImage() throws {
    let bytes = try imageBytes(path)
    let image: DecodedImage
    do {
      image = try ImageDecoder().decode(bytes)
    } catch {
      if case .notAnImage = error, let run = RunDirectory(containing: path) {
        throw Failure(
          .data, "\(path): a file of a run; 'marbles inspect \(run.path)' shows the run")
      }
      throw Failure(.data, "\(path): \(error.description)")
    }
    if output.json {
      return Console.output(
        jsonText(
          ImageReport(
            format: image.format.name, width: image.sourceWidth,
            height: image.sourceHeight, bytes: bytes.count,
            remarks: image.remarks.map(\.description))))
    }
    printLines(
      [
        ("image", image.format.name),
        ("size", "\(image.sourceWidth)×\(image.sourceHeight)"),
        ("bytes", bytes.count.grouped),
      ] + image.remarks.map { ("remark", $0.description) })
  }

  /// Characters of a value beside its name.
  private static let valueWidth = 68

  private func printLines(_ lines: [(name: String, value: String)]) {
    for line in lines {
      let words = line.value.printable.split(separator: " ", omittingEmptySubsequences: false)
      let rows = words.flatMap { $0.pieces(of: Self.valueWidth) }
        .lines(width: Self.valueWidth, separator: " ")
      for (row, text) in rows.enumerated() {
        Console.output("\((row == 0 ? line.name : "").left(11)) \(text)")
      }
    }
  }
}

extension Substring {
  /// The text cut where it is longer than a line.
  fileprivate func pieces(of length: Int) -> [String] {
    guard count > length else { return [String(self)] }
    return [String(prefix(length))] + dropFirst(length).pieces(of: length)
  }
}

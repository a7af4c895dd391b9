import ArgumentParser
import Foundation
import Training

/// How often an image is shown to the network.
struct TestTimeOptions: ParsableArguments {
  @Flag(
    name: .customLong("tta"),
    help: "Average each image with its mirror image (test-time augmentation); half as fast.")
  var averagesMirrored = false
}

/// A checkpoint, given by its file, by the run whose best it is, or by the name of a shipped one.
struct CheckpointArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A .safetensors file, a run directory (its best checkpoint), or the name of a model that "
        + "comes with Marbles, such as cats-and-dogs.",
      valueName: "checkpoint"),
    completion: .checkpoint, transform: inputPath)
  var path: String

  /// The run that contains the checkpoint, if any.
  var run: RunDirectory? {
    isFolder(path) ? RunDirectory(path: path) : RunDirectory(containing: path)
  }

  /// The file.
  var file: String { Self.file(path) }

  /// The failure of a network that answers with what is no number.
  var notFinite: Failure {
    Failure(
      .data,
      "\(file): the network's answers are not numbers; the file is damaged, or training diverged")
  }

  /// Reads the checkpoint.
  ///
  /// - Throws: `Failure` if there is none, `CheckpointError` if it cannot be used.
  func load() throws -> Checkpoint {
    try Self.load(path, advice: "; the run or checkpoint comes first, then the images")
  }

  /// What a path is called: a run, a checkpoint file, or which checkpoint of a run.
  static func name(_ argument: String) -> String {
    let file = URL(filePath: argument)
    let own = file.lastPathComponent
    guard own.hasSuffix(".safetensors") else { return own }
    let name = String(own.dropLast(12))
    let folder = file.deletingLastPathComponent()
    guard folder.lastPathComponent == "checkpoints" else { return name }
    let run = folder.deletingLastPathComponent().lastPathComponent
    return name == "best" ? run : "\(run) \(name)"
  }

  /// The file that a path stands for.
  static func file(_ path: String) -> String {
    if isFolder(path) { return RunDirectory(path: path).bestCheckpoint }
    return isMissing(path) ? ShippedModel.file(named: path) ?? path : path
  }

  /// Reads the checkpoint that a path stands for.
  ///
  /// - Throws: `Failure` if there is none, `CheckpointError` if it cannot be used.
  static func load(_ path: String, advice: String = "") throws -> Checkpoint {
    if isFolder(path) {
      let run = try RunDirectory(existing: path, advice: advice)
      guard !isMissing(run.bestCheckpoint) else {
        guard isMissing(run.lastCheckpoint) else {
          throw Failure(
            .inputMissing,
            "\(run.bestCheckpoint): is missing; put it back, or give \(run.lastCheckpoint)")
        }
        throw Failure(
          .inputMissing,
          "\(run.path): the run has no checkpoint yet; 'marbles train --resume \(run.path)' "
            + "trains it")
      }
    }
    let file = file(path)
    // What may be meant as the name of a model.
    if isMissing(file), !path.contains("/"), !path.contains(".") {
      let names = ShippedModel.names
      throw Failure(
        .inputMissing,
        "\(path): no such file, run or model"
          + (names.isEmpty
            ? "; no models lie beside this program" : " (\(names.joined(separator: ", ")))"))
    }
    return try Checkpoint(contentsOf: file)
  }
}

import ArgumentParser
import Foundation
import Training

/// A checkpoint, given by its file or, for the best one of a run, by the run.
struct CheckpointArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A .safetensors file, or a run directory (its best checkpoint).", valueName: "checkpoint"),
    completion: .checkpoint, transform: inputPath)
  var path: String

  /// The run that contains the checkpoint, if any.
  var run: RunDirectory? {
    if isFolder(path) { return RunDirectory(path: path) }
    let folder = URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent()
    let run = RunDirectory(path: folder.path(percentEncoded: false))
    return FileManager.default.fileExists(atPath: run.record) ? run : nil
  }

  /// The file.
  var file: String { isFolder(path) ? RunDirectory(path: path).bestCheckpoint : path }

  /// The failure of a network that answers with what is no number.
  var notFinite: Failure {
    Failure(
      .data,
      "\(file): the network's answers are not numbers; the file is damaged, or training diverged")
  }

  /// Reads the checkpoint.
  ///
  /// - Throws: `Failure` if the run has none yet, `CheckpointError` otherwise.
  func load() throws -> Checkpoint {
    let run = RunDirectory(path: path)
    if isFolder(path), !FileManager.default.fileExists(atPath: file) {
      let isRun = FileManager.default.fileExists(atPath: run.record)
      throw Failure(
        .inputMissing,
        isRun
          ? "\(run.path): the run has no checkpoint yet; 'marbles train --resume \(run.path)' "
            + "trains it"
          : "\(run.path): is not a run: it has no run.json; give a run or a .safetensors file")
    }
    return try Checkpoint(contentsOf: file)
  }
}

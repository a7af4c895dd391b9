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

  /// Reads the checkpoint.
  func load() throws -> Checkpoint { try Checkpoint(contentsOf: file) }
}

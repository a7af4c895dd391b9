import Foundation
import ImageLoading
import Support
import Training

extension RunDirectory {
  /// The run at a path that a user gave.
  ///
  /// - Parameter advice: What to do where something else is, as in "; give …".
  /// - Throws: `Failure` that says what is there instead.
  init(existing path: String, advice: String = "") throws {
    self.init(path: path)
    guard !isRun else { return }
    throw Failure(.inputMissing, "\(self.path): \(Self.whatElse(self.path, advice))")
  }

  /// The run that a file belongs to; nil if it is in none.
  init?(containing file: String) {
    let folder = URL(filePath: file).deletingLastPathComponent()
    // Files of a run are in its directory or in a folder of it.
    let runs = [folder, folder.deletingLastPathComponent()]
      .map { RunDirectory(path: $0.relativePath) }
    guard let run = runs.first(where: \.isRun) else { return nil }
    self = run
  }

  /// Refuses to repeat a run with other images than its own.
  func requireSameImages(as data: TrainingData) throws {
    let record = try RunRecord(contentsOf: self)
    guard data.fingerprint != record.dataFingerprint else { return }
    let count = record.trainingCount + record.validationCount + record.testCount
    throw Failure(
      .data,
      "\(record.dataLocation): its images are not those that \(path) was trained on "
        + "(\(count.grouped) then, \(data.split.entries.count.grouped) now); bring them back, or "
        + "train a new run")
  }

  /// Whether a run was recorded here.
  var isRun: Bool { !isMissing(record) }

  /// What is at a path where no run is, and what to give instead.
  private static func whatElse(_ path: String, _ advice: String) -> String {
    guard !isMissing(path) else {
      let url = URL(filePath: path)
      let above = url.deletingLastPathComponent().relativePath
      let near = closest(to: url.lastPathComponent, in: runs(in: above).map(\.name))
      return "no such run" + (near.map { "; did you mean \(above)/\($0)?" } ?? "")
    }
    guard isFolder(path) else {
      return RunDirectory(containing: path).map { "a file of a run; give the run, \($0.path)" }
        ?? "a file, not a run; give a run directory, such as runs/latest"
    }
    let runs = runs(in: path)
    if let last = runs.last {
      let latest = RunDirectory(path: "\(path)/latest")
      return "not a run, but it holds \(runs.count.counted("run")); give one, such as "
        + (latest.isRun ? latest : last).path
    }
    guard isFolder("\(path)/checkpoints") else { return "not a run: it has no run.json\(advice)" }
    return RunDirectory(path: path).hasNotBegun
      ? "the run was stopped before it began; remove it and start a new one"
      : "its run.json is missing; put it back"
  }

  /// Whether this is what is left of a run that was stopped before it was recorded.
  var hasNotBegun: Bool {
    !isRun && isFolder("\(path)/checkpoints") && isMissing(metrics)
  }

  /// The runs directly in a folder, by name, without the link to the latest.
  private static func runs(in folder: String) -> [RunDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0 != "latest" }.sorted().map { RunDirectory(path: "\(folder)/\($0)") }
      .filter(\.isRun)
  }
}

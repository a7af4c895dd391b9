internal import Foundation
internal import Support

/// Writes a run's files as training goes, so that a run killed at any moment can be read and resumed.
struct RunRecorder {
  let directory: RunDirectory
  private var pendingSteps: [StepRecord] = []

  init(directory: RunDirectory) {
    self.directory = directory
  }

  /// Starts the tables of a new run.
  func begin(_ record: RunRecord) throws(FileError) {
    try CSVTable.write([EpochRecord](), to: directory.metrics)
    try CSVTable.write([StepRecord](), to: directory.steps)
    try log("start", ["epochs": "\(record.configuration.epochs)"])
  }

  /// Cuts the tables back to what the saved state has seen.
  func resume(at progress: TrainingState.Progress) throws(TrainingError) {
    do {
      let epochs = try CSVTable.read(EpochRecord.self, from: directory.metrics)
      let steps = try CSVTable.read(StepRecord.self, from: directory.steps)
      try CSVTable.write(epochs.filter { $0.epoch <= progress.epoch }, to: directory.metrics)
      try CSVTable.write(steps.filter { $0.step <= progress.step }, to: directory.steps)
      try log("resume", ["epoch": "\(progress.epoch)", "step": "\(progress.step)"])
    } catch let error as FileError {
      throw .file(error)
    } catch let error as TableError {
      throw .table(error)
    } catch {
      throw .file(FileError(path: directory.path, reason: "\(error)"))
    }
  }

  /// Remembers a step until the next `flush`.
  mutating func add(_ step: StepRecord) {
    pendingSteps.append(step)
  }

  /// Writes the remembered steps.
  mutating func flush() throws(FileError) {
    try CSVTable.append(pendingSteps, to: directory.steps)
    pendingSteps = []
  }

  func add(_ epoch: EpochRecord) throws(FileError) {
    try CSVTable.append([epoch], to: directory.metrics)
  }

  /// Adds a line to `events.jsonl`.
  func log(_ event: String, _ facts: [String: String] = [:]) throws(FileError) {
    var object = facts
    object["event"] = event
    object["time"] = Date().formatted(.iso8601)
    try AtomicFile.append(Data((jsonText(object) + "\n").utf8), to: directory.events)
  }
}

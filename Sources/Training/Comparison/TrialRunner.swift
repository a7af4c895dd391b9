internal import Foundation
internal import Support
internal import Tensors

/// Carries out trainings, each as a run of its own: what is there is not trained again, what was
/// stopped goes on.
struct TrialRunner {
  let data: TrainingData
  let workers: Workers
  /// The folder of the runs.
  let folder: String
  /// The program and its command line, for the records.
  let version: String, command: [String]
  let stop: () -> Bool

  /// What became of a training.
  struct Outcome {
    let directory: RunDirectory
    let epochs: [EpochRecord]
    let divergence: Divergence?
    /// Whether it was there already.
    let isKept: Bool
  }

  /// Trains, or takes what is there.
  ///
  /// - Returns: Nil if it was asked to stop.
  /// - Throws: What `Trainer` and `RunRecorder` throw, but not `TrainingError.diverged`.
  func run(
    _ configuration: TrainingConfiguration, named name: String,
    progress: @escaping (Double) -> Void
  ) throws -> Outcome? {
    let directory = RunDirectory(path: "\(folder)/\(name)")
    if let record = try record(of: directory, configuration), Self.isOver(record) {
      return try outcome(record, directory, isKept: true)
    }
    let recorder: RunRecorder
    var point: ResumePoint?
    if FileManager.default.fileExists(atPath: directory.record) {
      let lock = try RunLock(directory)
      // Another process may just have trained it.
      let record = try RunRecord(contentsOf: directory)
      if Self.isOver(record) { return try outcome(record, directory, isKept: true) }
      if FileManager.default.fileExists(atPath: directory.state) {
        point = try ResumePoint(contentsOf: directory, optimizer: configuration.optimizer)
      }
      recorder = RunRecorder(directory: directory, record: record, lock: lock)
    } else {
      // What a kill has left of a run that had not begun.
      directory.removeUnlessBegun()
      recorder = try RunRecorder.create(
        in: folder, name: name, configuration: configuration, data: data, workers: workers,
        version: version, command: command, isLatest: false)
    }
    let trainer = try Trainer(
      configuration: configuration, data: data, workers: workers, recorder: recorder,
      observers: [LastNetwork(progress)], stoppingRules: [StopRequest(when: stop)],
      resuming: point, triesLowerRates: false)
    do throws(TrainingError) {
      guard try trainer.run().status == .finished else { return nil }
    } catch {
      guard case .diverged = error else { throw error }
    }
    return try outcome(recorder.record, directory, isKept: false)
  }

  static func isOver(_ record: RunRecord) -> Bool {
    record.status == .finished || record.status == .diverged
  }

  /// The record of a training that has begun.
  ///
  /// - Throws: `TrainingError.dataChanged` if it is another one.
  private func record(
    of directory: RunDirectory, _ configuration: TrainingConfiguration
  ) throws -> RunRecord? {
    guard FileManager.default.fileExists(atPath: directory.record) else { return nil }
    let record = try RunRecord(contentsOf: directory)
    if let change = record.configuration.difference(from: configuration) {
      throw CheckpointError.inconsistent(
        path: directory.record,
        reason: "\(change.name) is \(change.own), but the comparison has \(change.other); remove "
          + "\(directory.path) to train it again")
    }
    guard record.dataFingerprint == data.fingerprint else {
      throw TrainingError.dataChanged(
        run: directory.path, reason: "their paths, contents or parts are others")
    }
    return record
  }

  private func outcome(
    _ record: RunRecord, _ directory: RunDirectory, isKept: Bool
  ) throws -> Outcome {
    let epochs = try CSVTable.read(EpochRecord.self, from: directory.metrics)
    try directory.removeStates()
    return Outcome(
      directory: directory, epochs: epochs, divergence: record.divergence, isKept: isKept)
  }
}

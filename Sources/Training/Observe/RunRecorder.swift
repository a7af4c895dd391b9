internal import ConvNet
internal import Foundation
internal import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// Writes the files of a run as it proceeds, so that a run killed at any moment can be resumed.
public final class RunRecorder: TrainingObserver {
  /// Where the files are.
  public let directory: RunDirectory
  /// The record of the run: its choices, status and result.
  public private(set) var record: RunRecord
  private var pendingSteps: [StepRecord] = []
  private var pendingReadings: [ClockReading] = []
  /// A best network that is saved after the state.
  private var pendingBest: Checkpoint?
  private var lock: RunLock?
  /// Whether the files are this recorder's to write.
  private var hasBegun = false
  /// The directory in which training began; nil before.
  private var identity: FileIdentity?

  /// Creates a recorder for a directory that exists.
  ///
  /// - Parameter lock: The lock of the run; nil to take it when training begins. Who resumes a run
  ///   takes it before the saved state is read, so that no other process goes on from the same.
  public init(directory: RunDirectory, record: RunRecord, lock: RunLock? = nil) {
    self.directory = directory
    self.record = record
    self.lock = lock
  }

  /// Creates the directory of a run in a folder of runs, with its split and data report, and points
  /// `latest` in that folder at it.
  ///
  /// - Parameters:
  ///   - name: The directory's name; nil for the time, the model and the optimizer.
  ///   - version: The program that trains, for the record.
  ///   - command: The command line, for the record.
  ///   - catalogues: Where the network's layers are looked up.
  /// - Throws: `FileError` if the directory exists or cannot be written; `TrainingError.locked` or
  ///   `.file` if it cannot be locked.
  public static func create(
    in folder: String, name: String? = nil, configuration: TrainingConfiguration,
    data: TrainingData, workers: Workers, version: String = "", command: [String] = [],
    catalogues: Catalogues = .standard
  ) throws -> RunRecorder {
    let network = try configuration.makeNetwork(
      classCount: data.classNames.count, catalogues: catalogues)
    let directory = try RunDirectory.create(
      in: folder, name: name, model: configuration.model ?? "network",
      optimizer: configuration.optimizer.name)
    let record = RunRecord(
      name: directory.name, started: Date(), version: version, command: command,
      threads: workers.count, configuration: configuration, data: data,
      parameterCount: network.parameterLayout.count)
    do {
      let lock = try RunLock(directory)
      try AtomicFile.write(Data(prettyJSON(data.split).utf8), to: directory.split)
      try AtomicFile.write(Data(prettyJSON(data.loaded.report).utf8), to: directory.dataReport)
      // From here on the run can be resumed.
      try record.write(to: directory)
      directory.makeLatest()
      return RunRecorder(directory: directory, record: record, lock: lock)
    } catch {
      directory.removeUnlessBegun()
      throw error
    }
  }

  public func observe(_ event: TrainingEvent) throws {
    // These are only remembered.
    if case .step(let step, _) = event { return pendingSteps.append(step) }
    if case .clock(let reading) = event { return pendingReadings.append(reading) }
    guard isInPlace else { throw moved }
    do {
      try record(event)
    } catch let error as FileError {
      throw isInPlace ? error : moved
    }
  }

  /// Whether the directory is still the one in which training began.
  private var isInPlace: Bool {
    identity == nil || FileIdentity(directory.path) == identity
  }

  private var moved: FileError {
    FileError(
      path: directory.path,
      reason: "the run was moved or removed while it was trained; resume it where it is now")
  }

  private func record(_ event: TrainingEvent) throws {
    switch event {
    case .began(let progress): try begin(at: progress)
    case .step, .clock: break
    case .epoch(let epoch, let model, let isBest): try add(epoch, model, isBest: isBest)
    case .resumable(let state, let model): try save(state, model)
    case .stopping(let reason): try log("stop", ["reason": reason])
    case .ended(let status, let result): try end(status, result)
    case .failed(let error): fail(error)
    }
  }

  /// Starts the tables, or truncates them to what the saved state has seen.
  private func begin(at progress: TrainingState.Progress) throws {
    if lock == nil { lock = try RunLock(directory) }
    var epochs: (rows: [EpochRecord], damagedLines: Int) = ([], 0)
    var steps: (rows: [StepRecord], damagedLines: Int) = ([], 0)
    if progress.isBegun {
      epochs = try CSVTable.recover(from: directory.metrics, through: progress.epoch)
      try epochs.rows.check(against: progress, directory.metrics)
      steps = try CSVTable.recover(from: directory.steps, through: progress.step)
    }
    try directory.requireOwnFolders()
    for file in directory.files { try AtomicFile.requirePlainFileOrNothing(file) }
    // A run that is refused stays as it was.
    hasBegun = true
    identity = FileIdentity(directory.path)
    // Of a run that had finished, the result stays until there is a new one.
    record.status = .running
    try record.write(to: directory)
    try CSVTable.write(epochs.rows, to: directory.metrics)
    try CSVTable.write(steps.rows, to: directory.steps)
    if record.configuration.budget != nil {
      let readings = try CSVTable.readings(from: directory.clock, through: progress.clock)
      try CSVTable.write(readings, to: directory.clock)
    }
    try directory.completeBest(of: progress)
    let events = try directory.recoverEvents()
    guard progress.isBegun else {
      return try log("start", ["epochs": "\(record.configuration.epochs)"])
    }
    let repairs = [
      "metrics.csv": epochs.damagedLines, "steps.csv": steps.damagedLines, "events.jsonl": events,
    ]
    for (file, lines) in repairs.sorted(by: { $0.key < $1.key }) where lines > 0 {
      try log("repair", ["file": file, "damaged_lines": "\(lines)"])
    }
    try log("resume", ["epoch": "\(progress.epoch)", "step": "\(progress.step)"])
  }

  private func add(_ epoch: EpochRecord, _ model: Checkpoint, isBest: Bool) throws(FileError) {
    try writePendingSteps()
    try CSVTable.append([epoch], to: directory.metrics)
    guard isBest else { return }
    pendingBest = model
    try log("best", ["epoch": "\(epoch.epoch)"])
  }

  /// Writes the state after what it counts: a run killed before that resumes from the previous
  /// state, its extra rows are removed, and its files are written again, identical.
  ///
  /// The best network comes after the state, so that it is never of an epoch that the state has not
  /// seen; until then it is the last one.
  ///
  /// The rows that the state counts are on the disk before it, also in a power cut.
  private func save(_ state: TrainingState, _ model: Checkpoint?) throws(FileError) {
    try writePendingSteps()
    let clock = record.configuration.budget == nil ? [] : [directory.clock]
    for table in [directory.metrics, directory.steps, directory.events] + clock {
      try AtomicFile.synchronize(table)
    }
    try model?.write(to: directory.lastCheckpoint)
    var state = state
    state.configuration = record.configuration
    try state.write(to: directory.state)
    try pendingBest?.write(to: directory.bestCheckpoint)
    pendingBest = nil
    try log("checkpoint", ["step": "\(state.progress.step)"])
  }

  private func end(_ status: RunRecord.Status, _ result: RunRecord.Result?) throws(FileError) {
    record.status = status
    if let result { record.result = result }
    try record.write(to: directory)
    try log("end", ["status": status.rawValue])
    lock = nil
  }

  /// Records a failure as far as the disk allows; the failure itself is the one to report.
  private func fail(_ error: TrainingError) {
    guard hasBegun else { return }
    record.status = .failed
    if case .diverged(let divergence) = error {
      record.status = .diverged
      try? log("divergence", ["step": "\(divergence.step)"])
    }
    try? writePendingSteps()
    try? record.write(to: directory)
    lock = nil
  }

  private func writePendingSteps() throws(FileError) {
    try CSVTable.append(pendingSteps, to: directory.steps)
    pendingSteps = []
    try CSVTable.append(pendingReadings, to: directory.clock)
    pendingReadings = []
  }

  /// Adds a line to `events.jsonl`.
  private func log(_ event: String, _ facts: [String: String] = [:]) throws(FileError) {
    var object = facts
    object["event"] = event
    object["time"] = Date().formatted(.iso8601)
    try AtomicFile.append(
      Data((jsonText(object) + "\n").utf8), to: directory.events, creating: true)
  }
}

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
  public internal(set) var record: RunRecord
  private var pendingSteps: [StepRecord] = []
  private var pendingLayers: [LayerRecord] = []
  private var pendingReadings: [ClockReading] = []
  /// A best network that is saved after the state.
  private var pendingBest: Checkpoint?
  private var kept = KeptCheckpoints()
  private var worstImages = WorstImages()
  /// Whether those are to be written with the next state.
  private var hasNewImages = false
  /// Where the network of the last epoch is saved, if it is kept.
  private var pendingKept: String?
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

  /// Creates the directory of a run in a folder of runs, with its split and data report.
  ///
  /// - Parameters:
  ///   - name: The directory's name; nil for the time, the model and the optimizer.
  ///   - version: The program that trains, for the record.
  ///   - command: The command line, for the record.
  ///   - isLatest: Whether `latest` in that folder is pointed at it.
  ///   - catalogues: Where the network's layers are looked up.
  /// - Throws: `FileError` if the directory exists or cannot be written; `TrainingError.locked` or
  ///   `.file` if it cannot be locked.
  public static func create(
    in folder: String, name: String? = nil, configuration: TrainingConfiguration,
    data: TrainingData, workers: Workers, version: String = "", command: [String] = [],
    isLatest: Bool = true, catalogues: Catalogues = .standard
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
      if isLatest { directory.makeLatest() }
      return RunRecorder(directory: directory, record: record, lock: lock)
    } catch {
      directory.removeUnlessBegun()
      throw error
    }
  }

  public func observe(_ event: TrainingEvent) throws {
    // These are only remembered.
    if case .step(let step, _) = event { return pendingSteps.append(step) }
    if case .layers(let layers) = event { return pendingLayers += layers }
    if case .clock(let reading) = event { return pendingReadings.append(reading) }
    if case .worstImages(let epoch) = event {
      worstImages.add(epoch)
      hasNewImages = true
      return
    }
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
    case .step, .layers, .clock, .worstImages: break
    case .learningRate(let change, let request): try add(change, request)
    case .refused(let reason):
      try requests.done()
      try log("refused", ["reason": reason])
    case .paused(let step, let seconds): try pause(step, seconds)
    case .continued(let waited): try goOn(after: waited)
    case .snapshot(let network, let step):
      try PathSnapshots(of: directory).write(network, atStep: step)
    case .epoch(let epoch, let model, let isBest): try add(epoch, model, isBest: isBest)
    case .resumable(let state, let model): try save(state, model)
    case .retrying(let divergence, let state): try goBack(to: state, after: divergence)
    case .stopping(let reason): try log("stop", ["reason": reason])
    case .completed(let best): try best.write(to: directory.bestCheckpoint)
    case .ended(let status, let result): try end(status, result)
    case .failed(let error): fail(error)
    }
  }

  /// Whether the run follows a clock, whose readings are a table.
  private var hasClock: Bool { record.configuration.budget != nil }

  /// Starts the tables, or truncates them to what the saved state has seen.
  private func begin(at progress: TrainingState.Progress) throws {
    if lock == nil { lock = try RunLock(directory) }
    let tables = try RecoveredTables(
      of: directory, through: progress, hasBegun: progress.isBegun, hasClock: hasClock)
    try directory.requireOwnFolders()
    for file in directory.files { try AtomicFile.requirePlainFileOrNothing(file) }
    // A run that is refused stays as it was.
    hasBegun = true
    identity = FileIdentity(directory.path)
    // Of a run that had finished, the result stays until there is a new one.
    record.status = .running
    record.divergence = nil
    try record.write(to: directory)
    try tables.write(to: directory)
    kept = KeptCheckpoints(of: directory, record, epochs: tables.epochs.rows)
    try kept.removeOthers(of: directory)
    try PathSnapshots(of: directory).removeAll(afterStep: progress.step)
    // Who resumes a run wants it to go on.
    try requests.ask(pause: false)
    worstImages = try WorstImages(contentsOf: directory)
    hasNewImages = worstImages.removeAll(afterEpoch: progress.epoch)
    try directory.completeBest(of: progress)
    try directory.completeReturnState(of: progress, record.configuration.onDivergence)
    let events = try directory.recoverEvents()
    guard progress.isBegun else {
      return try log("start", ["epochs": "\(record.configuration.epochs)"])
    }
    let repairs = [
      "metrics.csv": tables.epochs.damagedLines, "steps.csv": tables.steps.damagedLines,
      "layers.csv": tables.layers.damagedLines, "events.jsonl": events,
    ]
    for (file, lines) in repairs.sorted(by: { $0.key < $1.key }) where lines > 0 {
      try log("repair", ["file": file, "damaged_lines": "\(lines)"])
    }
    try log("resume", ["epoch": "\(progress.epoch)", "step": "\(progress.step)"])
  }

  private func add(_ epoch: EpochRecord, _ model: Checkpoint, isBest: Bool) throws(FileError) {
    try writePendingSteps()
    try CSVTable.append([epoch], to: directory.metrics)
    // In a budgeted run, not every epoch is evaluated.
    let isEvaluated = isBest || epoch.validationLoss != nil
    let isKept = isEvaluated && kept.add(epoch)
    pendingKept = isKept ? directory.checkpoint(ofEpoch: epoch.epoch) : nil
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
    let clock = hasClock ? [directory.clock] : []
    let tables = [directory.metrics, directory.steps, directory.layers, directory.events]
    for table in tables + clock {
      try AtomicFile.synchronize(table)
    }
    if hasNewImages { try worstImages.write(to: directory) }
    hasNewImages = false
    try model?.write(to: directory.lastCheckpoint)
    // Of an epoch that is not counted, the file is removed or written again.
    if let pendingKept { try model?.write(to: pendingKept) }
    pendingKept = nil
    try write(state, isReturnState: state.progress.isBetweenEpochs)
    try pendingBest?.write(to: directory.bestCheckpoint)
    pendingBest = nil
    try kept.removeOthers(of: directory)
    try log("checkpoint", ["step": "\(state.progress.step)"])
  }

  /// Writes the state, and before it the state to go back to if that is the same.
  private func write(_ state: TrainingState, isReturnState: Bool) throws(FileError) {
    var state = state
    state.configuration = record.configuration
    if isReturnState, record.configuration.onDivergence == .retry {
      try state.write(to: directory.returnState)
    }
    try state.write(to: directory.state)
  }

  /// Goes back to an earlier state; what came after it leaves the tables when that is saved.
  private func goBack(to state: TrainingState, after divergence: Divergence) throws {
    (pendingSteps, pendingLayers, pendingReadings) = ([], [], [])
    (pendingBest, pendingKept) = (nil, nil)
    hasNewImages = worstImages.removeAll(afterEpoch: state.progress.epoch)
    try log(
      "retry",
      Retry(
        divergence: divergence, retry: state.progress.retries ?? 0, fromStep: state.progress.step,
        rateFactor: state.progress.rateFactor))
    try PathSnapshots(of: directory).removeAll(afterStep: state.progress.step)
    try write(state, isReturnState: true)
    let tables = try RecoveredTables(
      of: directory, through: state.progress, hasBegun: true, hasClock: hasClock)
    try tables.write(to: directory)
    kept = KeptCheckpoints(of: directory, record, epochs: tables.epochs.rows)
  }

  /// What `events.jsonl` says of a retry.
  private struct Retry: Encodable {
    var divergence: Divergence, retry: Int, fromStep: Int, rateFactor: Float
  }

  private func end(_ status: RunRecord.Status, _ result: RunRecord.Result?) throws(FileError) {
    record.status = status
    if let result { record.result = result }
    try requests.ask(pause: false)
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
      record.divergence = divergence
      try? log("divergence", divergence)
    }
    try? writePendingSteps()
    try? record.write(to: directory)
    lock = nil
  }

  private func writePendingSteps() throws(FileError) {
    try CSVTable.append(pendingSteps, to: directory.steps)
    pendingSteps = []
    try CSVTable.append(pendingLayers, to: directory.layers)
    pendingLayers = []
    try CSVTable.append(pendingReadings, to: directory.clock)
    pendingReadings = []
  }

  /// Adds a line to `events.jsonl`.
  func log(_ name: String, _ facts: some Encodable) throws(FileError) {
    let event = Event(event: name, time: Date(), facts: facts)
    try AtomicFile.append(
      Data((jsonText(event) + "\n").utf8), to: directory.events, creating: true)
  }
}

/// A line of `events.jsonl`: the facts, and when what happened.
private struct Event<Facts: Encodable>: Encodable {
  var event: String, time: Date, facts: Facts

  private enum CodingKeys: CodingKey { case event, time }

  func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(event, forKey: .event)
    try container.encode(time, forKey: .time)
  }
}

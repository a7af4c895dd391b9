import Benchmarking
import ConvNet
import Foundation
import ImageLoading
import LocalServer
import MessagePassing
import Optimization
import Support
import Tensors
import Training

/// One run of `marbles train`: loads, trains, draws, reports.
///
/// Of the processes that share a run, only the first writes, draws and reports.
struct TrainingSession {
  private let trainer: Trainer
  private let recorder: RunRecorder?
  private let reporter: TrainingReporter?
  private let figures: FigureDrawer?
  private let signals: InterruptionSignals
  private let memory: RunMemory
  private let wantsJSON: Bool
  private let isServed: Bool

  /// Prepares a new run.
  init(starting command: TrainCommand, _ ranks: Ranks?) throws {
    let signals = InterruptionSignals()
    let original = try (command.run_.repeated ?? command.run_.continued).map {
      try RunDirectory(existing: $0)
    }
    let continued = command.run_.continued == nil ? nil : original
    var configuration =
      try original.map { try $0.choices(data: command.run_.movedData) }
      ?? command.makeConfiguration(data: command.data ?? "")
    if let continued { configuration.goOn(from: continued, command) }
    for change in command.course.learningRateChanges { configuration.add(change) }
    let beginning = try configuration.initialWeights.map { try CheckpointArgument.load($0) }
    if let beginning, original == nil { configuration.takeNetwork(of: beginning) }
    var workers = command.run_.threads.workers(among: ranks, command.run_.reduce)
    // Found before the images are loaded: an output folder inside the data.
    let out = command.run_.out
    let listing = try configuration.listImages()
    try Outputs(data: [listing]).refuseAmongImages(folder: out)
    try refuseTakenName(command.run_.name, in: out)
    if command.course.epochs == nil, original == nil {
      try configuration.plan(
        command.course.budget, for: listing, workers.alone,
        memoryLimit: command.run_.memoryLimit, keepsPixels: command.cache.keepsPixels,
        quiet: command.output.quiet)
      // The processes have measured different speeds.
      configuration = try workers.first(configuration)
    }
    let data = try configuration.loadImages(
      listing, workers, cache: command.cache, quiet: command.output.quiet,
      growing: continued.map { try SplitFile.read(of: $0) },
      memoryLimit: command.run_.memoryLimit)
    let memory = try RunMemory(
      configuration, limit: command.run_.memoryLimit, classCount: data.classNames.count,
      trainingCount: data.training.count, workers: workers)
    workers = memory.limiting(workers)
    if let original, continued == nil { try original.requireSameImages(as: data) }
    try command.course.refuseWithoutImages(in: data)
    if command.course.learningRate == .automatic {
      try configuration.findLearningRate(data, workers, quiet: command.output.quiet)
    }
    // Found before a run directory is created.
    try configuration.requireSchedules(
      trainingCount: data.training.count, command.course.learningRateChanges)
    let weights = try configuration.initialWeights(
      from: beginning, classes: data.classNames, quiet: command.output.quiet)
    let readings = try continued == nil ? original?.readings() : nil
    try ranks?.requireSame(configuration, data)
    // From here on there is a run to be finished or resumed.
    signals.hold()
    let recorder =
      ranks?.leads == false
      ? nil
      : try RunRecorder.create(
        in: out, name: command.run_.name, configuration: configuration, data: data,
        workers: workers, version: Marbles.version, command: CommandLine.arguments)
    try self.init(
      configuration, data, workers, memory, recorder, signals, command, weights: weights,
      readings: readings)
  }

  /// Prepares a run that is resumed.
  init(resuming directory: RunDirectory, _ command: TrainCommand, _ ranks: Ranks?) throws {
    let signals = InterruptionSignals()
    // Before anything is read: who trains it now writes all this.
    let lock = ranks?.leads == false ? nil : try RunLock(directory)
    var record = try RunRecord(contentsOf: directory)
    if let epochs = command.course.epochs {
      guard record.configuration.budget == nil else {
        throw Failure(
          .usage,
          "--epochs cannot be used: \(directory.path) has a budget instead; leave it out, or train "
            + "a new run")
      }
      record.configuration.epochs = epochs
    }
    try record.locateData(command.run_.movedData, of: directory)
    if let patience = command.course.patience { record.configuration.patience = patience }
    if let target = command.course.targetAccuracy { record.configuration.targetAccuracy = target }
    if let keep = command.run_.keep { record.configuration.keep = keep }
    if let action = command.run_.onDivergence { record.configuration.onDivergence = action }
    let configuration = record.configuration
    var workers = command.run_.threads.workers(among: ranks, command.run_.reduce)
    // Before anything of the run is in memory, which would count twice.
    let count = record.trainingCount + record.validationCount + record.testCount
    let memory = try RunMemory(
      configuration, limit: command.run_.memoryLimit, classCount: record.classes.count,
      trainingCount: record.trainingCount,
      images: command.cache.keepsPixels
        ? count * 3 * configuration.imageSize * configuration.imageSize : 0, workers: workers)
    workers = memory.limiting(workers)
    try configuration.requireMemory(
      classCount: record.classes.count, trainingCount: record.trainingCount, workers: workers)
    let point = try directory.resumePoint(optimizer: configuration.optimizer)
    // Found before the images are loaded.
    try configuration.checkResumable(
      at: point?.state.progress ?? .init(), status: record.status, run: directory.path)
    guard !isMissing(directory.split) else {
      throw Failure(
        .inputMissing, "\(directory.split): is missing; put the run's own file back")
    }
    let split = try SplitFile.read(of: directory)
    let listing = try DatasetLister.list(record.dataLocation)
    let loaded = try configuration.load(
      configuration.takesNamedImages ? listing.chosen(by: split) : listing, workers,
      limit: configuration.takesNamedImages ? nil : configuration.limit, cache: command.cache,
      quiet: command.output.quiet)
    let data = try TrainingData(loaded, split: replay(split, of: directory, on: loaded))
    guard data.fingerprint == record.dataFingerprint else {
      throw CheckpointError.inconsistent(
        path: directory.split,
        reason: "it is not the split that the run was trained with; put the run's own file back")
    }
    try command.course.refuseWithoutImages(in: data)
    try ranks?.requireSame(configuration, data, resuming: point)
    let recorder = lock.map { RunRecorder(directory: directory, record: record, lock: $0) }
    signals.hold()
    try self.init(
      configuration, data, workers, memory, recorder, signals, command, resuming: point)
  }

  private init(
    _ configuration: TrainingConfiguration, _ data: TrainingData, _ workers: Workers,
    _ memory: RunMemory, _ recorder: RunRecorder?, _ signals: InterruptionSignals,
    _ command: TrainCommand,
    resuming point: ResumePoint? = nil, weights: InitialWeights = .whitened,
    readings: [ClockReading]? = nil
  ) throws {
    self.recorder = recorder
    self.signals = signals
    self.memory = memory
    wantsJSON = command.output.json
    isServed = command.run_.serve
    reporter = recorder.map {
      TrainingReporter(quiet: command.output.quiet, recorder: $0, data: data, memory: memory)
    }
    figures = recorder.map { FigureDrawer($0.directory) }
    configuration.productPrecision.note(
      try configuration.makeNetwork(classCount: data.classNames.count), configuration.convolution,
      quiet: command.output.quiet || recorder == nil)
    let observers: [(any TrainingObserver)?] = [reporter, figures]
    let ranks = workers.processes
    trainer = try Trainer(
      configuration: configuration, data: data, workers: workers, recorder: recorder,
      observers: observers.compactMap(\.self),
      // Who is interrupted takes the others along.
      stoppingRules: [
        StopRequest { ranks?.any(signals.code != nil) ?? (signals.code != nil) }
      ],
      initialWeights: weights, resuming: point, saving: command.run_.saveEvery ?? .automatic,
      secondsBefore: (ContinuousClock.now - Marbles.launch).seconds, readings: readings)
  }

  /// Refuses a result that does not reach what is required.
  ///
  /// - Throws: `Failure` naming the measured value.
  func require(_ requirements: [Requirement]) throws {
    guard let recorder, let result = recorder.record.result else { return }
    for requirement in requirements where !requirement.isMet(by: result) {
      throw Failure(
        .notReached,
        "\(recorder.directory.path): \(requirement.quantity.rawValue) is "
          + "\(requirement.missing(result)), required is \(requirement.relation.rawValue) "
          + requirement.limit.text)
    }
  }

  /// Trains to the end, or until Ctrl-C.
  func run() throws {
    let pages = try isServed ? recorder.map(serve) : nil
    defer { pages?.end() }
    let outcome = Result { try trainer.run() }
    // A figure that cannot be drawn must not end the training.
    let drawing = Result { try figures?.finish() }
    if wantsJSON, let recorder, recorder.record.status != .running {
      // Also of a run that diverged or failed: its directory is there.
      Console.output(
        jsonText(
          TrainingReport(
            path: recorder.directory.path, record: recorder.record,
            memory: .init(expected: memory.peak, measured: ProcessUsage().peakMemory))))
    }
    let status = try outcome.get().status
    if !wantsJSON { reporter?.printResult() }
    reporter?.close()
    try drawing.get()
    if status == .interrupted { throw Failure(signals.code ?? .interrupted, "") }
  }

  /// Shows the run on a page, whose address is printed.
  private func serve(_ recorder: RunRecorder) throws(ServerError) -> ServedPages {
    let run = recorder.directory
    let pages = try ServedPages(following: run, in: AtomicFile.folder(of: run.path))
    // With --json, standard output is for one object.
    if wantsJSON {
      Console.note(pages.server.address)
    } else {
      Console.output(pages.server.address)
    }
    return pages
  }
}

extension CourseOptions {
  /// Refuses what can never be decided, because there are no images to measure it on.
  ///
  /// - Throws: `Failure` for wrong usage.
  fileprivate func refuseWithoutImages(in data: TrainingData) throws {
    let needs = [
      ("--patience", patience != nil, true), ("--target-accuracy", targetAccuracy != nil, true),
      ("--require", requirements.contains { $0.quantity.needsValidation }, true),
      ("--require", requirements.contains { !$0.quantity.needsValidation }, false),
    ]
    for (option, isGiven, needsValidation) in needs
    where isGiven && (needsValidation ? data.validation : data.test).isEmpty {
      let part = needsValidation ? "validation" : "the test"
      throw Failure(
        .usage,
        "\(option) is measured on images for \(part), but there are none; leave it out, or hold "
          + "images out for \(part)")
    }
  }
}

/// What `--json` prints: the record of the run, where it is, and what memory it took.
private struct TrainingReport: Encodable {
  /// The most memory of this process, bytes.
  struct Memory: Encodable { var expected: Int, measured: Int }

  var path: String, record: RunRecord, memory: Memory

  private enum CodingKeys: CodingKey { case path, memory }

  func encode(to encoder: any Encoder) throws {
    try record.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(memory, forKey: .memory)
  }
}

extension RunDirectory {
  /// The choices of this run, for another one.
  ///
  /// - Throws: `Failure` for missing input.
  fileprivate func choices(data moved: String?) throws -> TrainingConfiguration {
    var record = try RunRecord(contentsOf: self)
    try record.locateData(moved, of: self)
    record.configuration.data = record.dataLocation
    return record.configuration
  }

  /// What this run has read from the clock; nil for a run of epochs.
  fileprivate func readings() throws -> [ClockReading]? {
    try RunRecord(contentsOf: self).configuration.budget.map { _ in
      try CSVTable.read(from: clock)
    }
  }
}

extension RunRecord {
  /// Makes sure that the images are where the record says, or where they are said to be now.
  ///
  /// - Throws: `Failure` for missing input.
  mutating func locateData(_ moved: String?, of run: RunDirectory) throws {
    if let moved { moveData(to: moved) }
    guard moved != nil || !isMissing(dataLocation) else {
      throw Failure(
        .inputMissing,
        "\(dataLocation): the images of \(run.path) are not there; say with --data where they are")
    }
  }
}

/// Refuses a name that a run has, before its images are loaded.
private func refuseTakenName(_ name: String?, in out: String) throws {
  guard let run = name.map({ RunDirectory(path: "\(out)/\($0)") }) else { return }
  guard !isMissing(run.path) else { return }
  let choice =
    if run.isRun { ", or continue that run with --resume \(run.path)" } else if run.hasNotBegun {
      ", or remove it: its run was stopped before it began"
    } else { "" }
  throw Failure(.output, "\(run.path): exists; choose another --name\(choice)")
}

extension RunDirectory {
  /// What the run goes on from; nil if it was stopped before it had saved anything.
  ///
  /// - Throws: `Failure` if it had, `CheckpointError` if what it has saved cannot be used.
  fileprivate func resumePoint(optimizer: OptimizerChoice) throws -> ResumePoint? {
    if !isMissing(state) {
      return try ResumePoint(contentsOf: self, optimizer: optimizer)
    }
    let epochs = (try? CSVTable.read(EpochRecord.self, from: metrics)) ?? []
    guard epochs.allSatisfy({ $0.epoch == 0 }) else {
      throw Failure(
        .inputMissing,
        "\(state): is missing, so the run cannot be resumed; put it back, or start a new run")
    }
    return nil
  }
}

/// The split recorded by a run, applied to its images loaded again.
///
/// - Throws: `TrainingError.dataChanged` if the images are no longer the same.
private func replay(
  _ split: Split, of run: RunDirectory, on loaded: LoadedDataset
) throws -> Split {
  do throws(DatasetError) {
    return try split.replayed(
      on: loaded.images, classNames: loaded.classNames, from: run.split)
  } catch {
    guard case .splitMismatch(_, let count, let example, let reason) = error else { throw error }
    throw TrainingError.dataChanged(
      run: run.path,
      reason:
        "\(count) \(count == 1 ? "is" : "are") \(reason) (\(run.split)), the first is \(example)")
  }
}

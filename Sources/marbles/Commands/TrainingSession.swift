import ConvNet
import Foundation
import ImageLoading
import Optimization
import Plotting
import Support
import Tensors
import Training

/// One run of `marbles train`: loads, trains, draws, reports.
struct TrainingSession {
  private let configuration: TrainingConfiguration
  private let directory: RunDirectory
  private let data: TrainingData
  private let trainer: Trainer
  private let record: RunRecord
  private let reporter: TrainingReporter
  private let wantsJSON: Bool

  /// Begins a run.
  init(starting command: TrainCommand) throws {
    let path = command.data ?? ""
    let configuration = try command.makeConfiguration(data: path)
    let workers = command.run_.threads.workers
    // A network that does not fit, or an output folder inside the data, should not cost the wait
    // for the pictures.
    _ = try Network(
      Architecture(configuration.architecture), imageSize: configuration.imageSize, classCount: 2)
    let out = command.run_.out
    try refuseInside(out, data: path)
    let split = try configuration.splitFile.map { try SplitFile.read($0) }
    let loaded = try loadImages(configuration, workers, command)
    let data =
      if let split, let file = configuration.splitFile {
        try TrainingData(
          loaded,
          split: split.replayed(on: loaded.images, classNames: loaded.classNames, from: file))
      } else {
        try TrainingData(
          loaded, validationSplit: configuration.validationSplit,
          testSplit: configuration.testSplit, seed: configuration.seed)
      }
    // What does not fit the pictures should not leave a run directory behind.
    _ = try configuration.makeObjective(classCount: data.classNames.count)
    _ = try configuration.makeSchedule(trainingCount: data.training.count)
    let directory = try RunDirectory.create(
      in: out, name: command.run_.name, model: configuration.model ?? "network",
      optimizer: configuration.optimizer.name)
    let trainer = try Trainer(
      configuration: configuration, data: data, directory: directory, workers: workers)
    let record = RunRecord(
      name: directory.name, started: Date(), version: Marbles.version,
      command: CommandLine.arguments, threads: workers.count, configuration: configuration,
      data: data, parameterCount: trainer.parameterCount)
    try RunFiles.write(data, to: directory)
    self.init(configuration, directory, data, trainer, record, command)
  }

  /// Goes on with a run.
  init(resuming directory: RunDirectory, _ command: TrainCommand) throws {
    var record = try RunRecord(contentsOf: directory)
    if let epochs = command.optimization.epochs { record.configuration.epochs = epochs }
    let configuration = record.configuration
    let workers = command.run_.threads.workers
    let state = try TrainingState(contentsOf: directory.state, optimizer: configuration.optimizer)
    guard state.progress.epoch < configuration.epochs else {
      throw TrainingError.alreadyFinished(run: directory.path, epochs: configuration.epochs)
    }
    let loaded = try loadImages(configuration, workers, command)
    let data = try TrainingData(loaded, split: replaySplit(of: directory, on: loaded))
    guard data.fingerprint == record.dataFingerprint else {
      throw TrainingError.dataChanged(
        run: directory.path,
        reason: "\(configuration.data) now has other pictures than those in \(directory.split)")
    }
    let trainer = try Trainer(
      configuration: configuration, data: data, directory: directory, workers: workers,
      resuming: state)
    record.status = .running
    self.init(configuration, directory, data, trainer, record, command)
  }

  private init(
    _ configuration: TrainingConfiguration, _ directory: RunDirectory, _ data: TrainingData,
    _ trainer: Trainer, _ record: RunRecord, _ command: TrainCommand
  ) {
    self.configuration = configuration
    self.directory = directory
    self.data = data
    self.trainer = trainer
    self.record = record
    wantsJSON = command.output.json
    reporter = TrainingReporter(quiet: command.output.quiet, record: record)
  }

  /// Trains to the end, or until Ctrl-C.
  func run() throws {
    reporter.begin(directory, data)
    let interruption = Interruption()
    var reporter = reporter
    var pictureFailure: (any Error)?
    let outcome = Result {
      try trainer.run(record, shouldStop: { interruption.isRequested }) { event in
        reporter.show(event)
        guard case .epoch = event else { return }
        // A picture that cannot be drawn must not cost the training.
        do { try RunFigures.draw([directory]) } catch { pictureFailure = error }
      }
    }
    if case .failure = outcome { _ = try? RunFigures.draw([directory]) }
    let finished = try outcome.get()
    if wantsJSON { Console.output(jsonText(finished)) }
    reporter.end(finished, directory)
    if let pictureFailure { throw pictureFailure }
    if finished.status == .interrupted { throw Failure(.interrupted, "") }
  }
}

/// Lists and reads the pictures of a run.
private func loadImages(
  _ configuration: TrainingConfiguration, _ workers: Workers, _ command: TrainCommand
) throws -> LoadedDataset {
  try loadShowingProgress(
    DatasetLister.list(configuration.data).limited(to: configuration.limit),
    configuration.geometry, workers,
    cache: command.cache, strict: configuration.strict,
    quiet: command.output.quiet)
}

/// The division a run has written down, for its pictures loaded again.
///
/// - Throws: `TrainingError.dataChanged` when they are not the same pictures any more.
func replaySplit(of run: RunDirectory, on loaded: LoadedDataset) throws -> Split {
  let split = try SplitFile.read(run.split)
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

/// Loads pictures behind a progress bar.
func loadShowingProgress(
  _ listing: DatasetListing, _ geometry: ImageGeometry, _ workers: Workers,
  cache: CacheOptions? = nil, strict: Bool = false, quiet: Bool
) throws -> LoadedDataset {
  var bar = ProgressBar(quiet: quiet)
  defer { bar.clear() }
  let loader = DatasetLoader(
    workers: workers, cache: try cache?.imageCache(for: listing.source))
  let loaded = try loader.load(
    listing, geometry: geometry, strict: strict, keepsPixels: cache?.keepsPixels ?? true
  ) { done, total in
    bar.show("reading", done: done, of: total, bar.remaining(done: done, of: total))
  }
  // It costs time only, and the next run may tell the same.
  if let problem = loaded.cacheUse.problem, !quiet {
    bar.clear()
    Console.note("cache  \(problem)")
  }
  return loaded
}

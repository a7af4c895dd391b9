internal import Foundation
public import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// Compares optimizers on the same images with the same effort: finds the learning rate of each by
/// short trainings, then trains with several seeds at that rate.
///
/// Every training is a run in `trials` of the comparison's folder. A comparison that was stopped or
/// killed goes on where it was. Processes share the trainings, and need one folder for them.
public struct OptimizerComparison {
  /// What is trained.
  public let plan: ComparisonPlan
  private let data: TrainingData
  private let workers: Workers
  private let runner: TrialRunner

  /// Prepares a comparison in a folder, or one that goes on there.
  ///
  /// - Parameters:
  ///   - folder: Where the runs and `plan.json` are written.
  ///   - version: The program, for the records of the runs.
  ///   - command: The command line, for the same.
  ///   - stop: Is asked after every step.
  /// - Throws: `ComparisonError`, `CheckpointError` for a plan that cannot be read, or `FileError`.
  public init(
    _ plan: ComparisonPlan, data: TrainingData, in folder: String, workers: Workers,
    version: String = "", command: [String] = [], stop: @escaping () -> Bool = { false }
  ) throws {
    guard !data.validation.isEmpty else { throw ComparisonError.noValidation }
    (self.plan, self.data, self.workers) = (plan, data, workers)
    let trials = "\(folder)/trials"
    _ = try workers.onFirst { try Self.begin(plan, in: folder, trials: trials) }
    runner = TrialRunner(
      data: data, workers: workers.alone, folder: trials, version: version, command: command,
      stop: stop)
  }

  /// Makes the folders and writes the plan, or checks what is there.
  private static func begin(_ plan: ComparisonPlan, in folder: String, trials: String) throws {
    let file = "\(folder)/plan.json"
    let manager = FileManager.default
    if manager.fileExists(atPath: file) {
      let before = try ComparisonPlan(contentsOf: file, catalogues: .standard)
      if let change = plan.difference(from: before) {
        throw ComparisonError.changed(
          folder: folder, option: change.option, now: change.own, before: change.other)
      }
      guard plan.dataFingerprint == before.dataFingerprint else {
        throw ComparisonError.imagesChanged(folder: folder, data: plan.configuration.data)
      }
    } else if manager.fileExists(atPath: trials) {
      throw ComparisonError.planMissing(folder: folder)
    } else {
      try Folder.create(folder)
      try AtomicFile.write(Data(prettyJSON(plan).utf8), to: file)
    }
    try Folder.create(trials)
  }

  /// Carries out all trainings.
  ///
  /// - Parameters:
  ///   - cost: What the trainings take.
  ///   - progress: Is told after every step how much of which work is done, seconds by `cost`; what
  ///     was there already is no work.
  ///   - searched: Is told each optimizer whose rate was found.
  ///   - trained: Is told each training that is compared, those of other processes at the end.
  /// - Returns: The optimizers in the order of the plan; nil if it was asked to stop.
  /// - Throws: What `Trainer` throws; trainings that diverge are only noted.
  public func run(
    cost: ComparisonCost,
    progress: @escaping (_ done: Double, _ of: Double) -> Void = { _, _ in },
    searched: (OptimizerResult) -> Void = { _ in },
    trained: (ComparisonTrial) -> Void = { _ in }
  ) throws -> [OptimizerResult]? {
    let ended = ended
    let kept = Set(ended.map(\.name))
    func seconds(_ trainings: some Sequence<Training>) -> Double {
      trainings.reduce(0) {
        kept.contains(name(of: $1)) ? $0 : $0 + cost.seconds(of: $1.optimizer, $1.phase)
      }
    }
    var (done, total) = (0.0, cost.seconds)
    total -= ended.reduce(0) { $0 + cost.seconds(of: $1.optimizer, $1.phase) }
    /// Carries out trainings that do not depend on each other.
    func train(
      _ trainings: [Training], ended: (ComparisonTrial) -> Void = { _ in }
    ) throws -> [ComparisonTrial]? {
      var isStopped = false
      let trials = try workers.shareTasks(
        trainings.count, ended: { $0.map(ended) }
      ) { task -> ComparisonTrial? in
        guard !isStopped else { return nil }
        // Other processes are about as far.
        let before = done + seconds(trainings[..<task])
        let (own, all) = (seconds([trainings[task]]), total)
        let trial = try self.train(trainings[task]) { progress(before + $0 * own, all) }
        isStopped = trial == nil
        return trial
      }
      done += seconds(trainings)
      return trials.contains { $0 == nil } ? nil : trials.compactMap(\.self)
    }
    var searches = plan.optimizers.map {
      RateSearch(around: $0.trainingRate, count: plan.rateCount)
    }
    var tried = plan.optimizers.map { _ in [ComparisonTrial]() }
    // Round by round, as the rates of a round follow from those of the round before.
    while searches.contains(where: { !$0.open.isEmpty }) {
      let round = searches.enumerated().flatMap { index, search in
        search.open.map {
          Training(optimizer: index, phase: .search, rate: $0, seed: plan.searchSeed)
        }
      }
      guard let trials = try train(round) else { return nil }
      for trial in trials {
        searches[trial.optimizer].add(trial.finalLoss)
        tried[trial.optimizer].append(trial)
      }
    }
    let found = plan.optimizers.indices.map {
      OptimizerResult(
        optimizer: plan.optimizers[$0], search: searches[$0], searches: tried[$0], finals: [])
    }
    found.forEach(searched)
    for (index, result) in found.enumerated() where result.rate == nil {
      // Without a rate there is nothing to train.
      total -= Double(plan.seedCount) * cost.seconds(of: index, .final)
    }
    // Seed by seed, so that optimizers that take turns see the same machine.
    let whole = (0..<plan.seedCount).flatMap { number in
      found.enumerated().compactMap { index, result in
        result.rate.map {
          Training(optimizer: index, phase: .final, rate: $0, seed: plan.seed(number))
        }
      }
    }
    guard let finals = try train(whole, ended: trained) else { return nil }
    return found.enumerated().map { index, result in
      OptimizerResult(
        optimizer: result.optimizer, search: result.search, searches: result.searches,
        finals: finals.filter { $0.optimizer == index })
    }
  }

  /// A training of the plan, which is a run.
  private struct Training {
    let optimizer: Int, phase: ComparisonTrial.Phase
    let rate: Float, seed: UInt64
  }

  /// Carries out a training.
  ///
  /// - Returns: Nil if it was asked to stop.
  private func train(
    _ training: Training, progress: @escaping (Double) -> Void
  ) throws -> ComparisonTrial? {
    let outcome = try runner.run(
      plan.configuration(
        of: training.optimizer, training.phase, rate: training.rate, seed: training.seed),
      named: name(of: training), progress: progress)
    return outcome.map {
      ComparisonTrial(
        optimizer: training.optimizer, phase: training.phase, rate: training.rate,
        seed: training.seed, directory: $0.directory, epochs: $0.epochs,
        divergence: $0.divergence, isKept: $0.isKept)
    }
  }

  /// The name of its run.
  private func name(of training: Training) -> String {
    prefix(training.optimizer)
      + (training.phase == .search ? "-search-\(training.rate)" : "-seed-\(training.seed)")
  }

  /// The images that networks are compared on: those of the test part, or if there are none those
  /// for validation, by which rates were chosen.
  public var judges: (part: Split.Part, indices: [Int]) {
    data.test.isEmpty ? (.validation, data.validation) : (.test, data.test)
  }

  /// Path and class of each of `judges`.
  public var judgedImages: [(path: String, label: String)] {
    judges.indices.map {
      (data.loaded.images[$0].path, data.classNames[data.loaded.images[$0].classIndex])
    }
  }

  /// The trainings that have ended, whose work is done.
  public var ended: [(name: String, optimizer: Int, phase: ComparisonTrial.Phase)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runner.folder)) ?? []
    return names.compactMap { name in
      let parts = name.split(separator: "-")
      guard let number = parts.first.flatMap({ Int($0) }),
        plan.optimizers.indices.contains(number - 1),
        let record = try? RunRecord(contentsOf: RunDirectory(path: "\(runner.folder)/\(name)")),
        TrialRunner.isOver(record)
      else { return nil }
      let isFinal = name.hasPrefix("\(prefix(number - 1))-seed-")
      return (name, number - 1, isFinal ? .final : .search)
    }
  }

  /// What the names of an optimizer's runs begin with.
  private func prefix(_ optimizer: Int) -> String {
    "\(optimizer + 1)-\(plan.optimizers[optimizer].name)"
  }

  /// Whether the network that a training keeps gives each of `judges` its own class.
  ///
  /// - Throws: `CheckpointError` if its file cannot be read, `DatasetError.changed` if an image has
  ///   changed.
  public func hits(of trial: ComparisonTrial) throws -> [Bool] {
    let checkpoint = try Checkpoint(contentsOf: trial.directory.bestCheckpoint)
    let evaluator = Evaluator(
      plan.configuration, network: try checkpoint.description.makeNetwork(),
      normalization: checkpoint.description.normalization, workers: runner.workers)
    return try evaluator.hits(
      of: data.loaded, indices: judges.indices, checkpoint,
      targets: judges.indices.map { data.loaded.images[$0].classIndex })
  }
}

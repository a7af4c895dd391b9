internal import Foundation
public import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// Compares optimizers on the same images with the same effort: finds the learning rate of each by
/// short trainings, then trains with several seeds at that rate.
///
/// Every training is a run in `trials` of the comparison's folder. A comparison that was stopped or
/// killed goes on where it was.
public struct OptimizerComparison {
  /// What is trained.
  public let plan: ComparisonPlan
  private let data: TrainingData
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
    self.plan = plan
    self.data = data
    let (trials, file) = ("\(folder)/trials", "\(folder)/plan.json")
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
    runner = TrialRunner(
      data: data, workers: workers, folder: trials, version: version, command: command, stop: stop)
  }

  /// Carries out all trainings.
  ///
  /// - Parameters:
  ///   - cost: What the trainings take.
  ///   - progress: Is told after every step how much of which work is done, seconds by `cost`; what
  ///     was there already is no work.
  ///   - searched: Is told each optimizer whose rate was found.
  ///   - trained: Is told each training that is compared.
  /// - Returns: The optimizers in the order of the plan; nil if it was asked to stop.
  /// - Throws: What `Trainer` throws; trainings that diverge are only noted.
  public func run(
    cost: ComparisonCost,
    progress: @escaping (_ done: Double, _ of: Double) -> Void = { _, _ in },
    searched: (OptimizerResult) -> Void = { _ in },
    trained: (ComparisonTrial) -> Void = { _ in }
  ) throws -> [OptimizerResult]? {
    var (done, total) = (0.0, cost.seconds)
    func trial(
      _ optimizer: Int, _ phase: ComparisonTrial.Phase, rate: Float, seed: UInt64
    ) throws -> ComparisonTrial? {
      let seconds = cost.seconds(of: optimizer, phase)
      let (before, all) = (done, total)
      let trial = try self.trial(optimizer, phase, rate: rate, seed: seed) {
        progress(before + $0 * seconds, all)
      }
      if trial?.isKept == true { total -= seconds } else { done += seconds }
      return trial
    }
    var results: [OptimizerResult] = []
    for (index, optimizer) in plan.optimizers.enumerated() {
      var search = RateSearch(around: optimizer.trainingRate, count: plan.rateCount)
      var searches: [ComparisonTrial] = []
      while let rate = search.next {
        guard let trial = try trial(index, .search, rate: rate, seed: plan.searchSeed) else {
          return nil
        }
        search.add(trial.finalLoss)
        searches.append(trial)
      }
      let result = OptimizerResult(
        optimizer: optimizer, search: search, searches: searches, finals: [])
      // Without a rate there is nothing to train.
      if result.rate == nil { total -= Double(plan.seedCount) * cost.seconds(of: index, .final) }
      results.append(result)
      searched(result)
    }
    var finals = results.map { _ in [ComparisonTrial]() }
    // Seed by seed, so that optimizers that take turns see the same machine.
    for number in 0..<plan.seedCount {
      for (index, result) in results.enumerated() {
        guard let rate = result.rate else { continue }
        guard let trial = try trial(index, .final, rate: rate, seed: plan.seed(number)) else {
          return nil
        }
        finals[index].append(trial)
        trained(trial)
      }
    }
    return zip(results, finals).map {
      OptimizerResult(
        optimizer: $0.optimizer, search: $0.search, searches: $0.searches, finals: $1)
    }
  }

  private func trial(
    _ optimizer: Int, _ phase: ComparisonTrial.Phase, rate: Float, seed: UInt64,
    progress: @escaping (Double) -> Void
  ) throws -> ComparisonTrial? {
    let place = phase == .search ? "search-\(rate)" : "seed-\(seed)"
    let outcome = try runner.run(
      plan.configuration(of: optimizer, phase, rate: rate, seed: seed),
      named: "\(prefix(optimizer))-\(place)", progress: progress)
    return outcome.map {
      ComparisonTrial(
        optimizer: optimizer, phase: phase, rate: rate, seed: seed, directory: $0.directory,
        epochs: $0.epochs, divergence: $0.divergence, isKept: $0.isKept)
    }
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
  public var ended: [(optimizer: Int, phase: ComparisonTrial.Phase)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runner.folder)) ?? []
    return names.compactMap { name in
      let parts = name.split(separator: "-")
      guard let number = parts.first.flatMap({ Int($0) }),
        plan.optimizers.indices.contains(number - 1),
        let record = try? RunRecord(contentsOf: RunDirectory(path: "\(runner.folder)/\(name)")),
        TrialRunner.isOver(record)
      else { return nil }
      let isFinal = name.hasPrefix("\(prefix(number - 1))-seed-")
      return (number - 1, isFinal ? .final : .search)
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

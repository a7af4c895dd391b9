import ArgumentParser
import Foundation
import ImageLoading
import MessagePassing
import Optimization
import Plotting
import Statistics
import Support
import Tensors
import Training

/// One comparison of optimizers: announces its cost, trains, judges, draws and reports.
struct OptimizerContest {
  private let command: CompareCommand
  private let optimizers: [OptimizerChoice]
  private let signals = InterruptionSignals()
  private let ranks: Ranks?

  private var options: ContestOptions { command.contest }
  private var quiet: Bool { command.output.quiet }

  init(_ command: CompareCommand, _ optimizers: String, _ ranks: Ranks?) throws {
    self.command = command
    self.ranks = ranks
    self.optimizers = try command.contest.choices()
  }

  /// Trains what is left to train, and reports.
  func run() throws {
    let workers = command.trial.threads.workers(among: ranks)
    var configuration = try TrainingConfiguration(
      data: command.inputs[0], command.network, optimizer: optimizers[0], command.loss,
      command.trial.images, command.trial.computation, command.trial.seed)
    try setBudget(&configuration)
    let listing = try configuration.listImages()
    let files = try workers.onFirst {
      try ContestFiles(command, listing, splitFile: configuration.splitFile)
    }
    let data = try configuration.loadImages(
      listing, workers, cache: command.trial.cache, quiet: quiet)
    setEpochs(&configuration, trainingCount: data.training.count)
    let plan = ComparisonPlan(
      optimizers, configuration, seedCount: options.seeds, rateCount: options.rates,
      dataFingerprint: data.fingerprint)
    try ranks?.requireSame(choices: plan, data)
    // From here on there is something to go on with.
    signals.hold()
    ranks?.passOn(signals.isReceived)
    let comparison = try OptimizerComparison(
      plan, data: data, in: options.folder, workers: workers, version: Marbles.version,
      command: CommandLine.arguments,
      stop: { [signals, ranks] in signals.code != nil || ranks?.isAsked == true })
    let started = ContinuousClock.now
    let cost = try ComparisonCost(plan, data: data, workers: workers.alone)
    let announced = announce(comparison, cost, processCount: workers.processCount)
    guard let results = try train(comparison, cost) else {
      if !quiet { Console.note("stopped: the same command goes on with \(options.folder)") }
      throw Failure(signals.code ?? .interrupted, "")
    }
    guard let files else { return }
    let report = try ContestReport(
      comparison, results, target: options.target, seed: command.trial.seed.seed,
      guessing: data.guessing(comparison.plan.configuration))
    let written = try files.write(report)
    if command.output.json {
      Console.output(jsonText(report.summary(files: written)))
    } else {
      Console.output(report.text)
      written.forEach { Console.output($0.printable) }
    }
    let spent = (ContinuousClock.now - started).seconds
    if spent > Self.patience * announced + Self.slack, !quiet {
      Console.note("time   \(spent.duration), announced were \(announced.duration)")
    }
  }

  /// A comparison that takes longer than this many times what was announced, and some seconds to
  /// judge and draw, says so.
  private static let patience = 1.2, slack = 5.0
  /// The part of a budget that is left for training; the rest loads, judges and draws.
  private static let trainingPart = 0.95

  private var trainings: Int {
    optimizers.count * (options.seeds + RateSearch.trialCount(gridCount: options.rates))
  }

  /// Divides the time of the whole comparison.
  ///
  /// - Throws: `Failure` if it is too short.
  private func setBudget(_ configuration: inout TrainingConfiguration) throws {
    guard let budget = options.budget else { return }
    configuration.budget = ComparisonPlan.budget(
      forAll: budget.seconds * Self.trainingPart, optimizerCount: optimizers.count,
      seedCount: options.seeds, rateCount: options.rates)
    guard configuration.budget == nil else { return }
    let least = Double(trainings) * ComparisonPlan.leastBudget / Self.trainingPart
    throw Failure(
      .usage,
      "--budget \(budget.seconds.duration) is too short for \(trainings) trainings of a second or "
        + "more; give \(Int(least.rounded(.up)))s or more, or fewer --seeds, --rates or "
        + "--optimizers"
    )
  }

  /// Sets the passes over the training images.
  private func setEpochs(_ configuration: inout TrainingConfiguration, trainingCount: Int) {
    if let epochs = options.epochs { configuration.epochs = epochs }
    guard let steps = options.steps else { return }
    let each = configuration.stepsPerEpoch(trainingCount: trainingCount)
    configuration.epochs = (steps + each - 1) / each
    guard configuration.epochs * each != steps, !quiet else { return }
    Console.note(
      "steps  \((configuration.epochs * each).grouped), which are whole passes over the images: "
        + "\(configuration.epochs.grouped) of \(each.grouped)")
  }

  /// Says what is trained, and about how long that takes.
  ///
  /// - Returns: Seconds.
  private func announce(
    _ comparison: OptimizerComparison, _ cost: ComparisonCost, processCount: Int
  ) -> Double {
    let ended = comparison.ended
    let work = cost.seconds - ended.reduce(0) { $0 + cost.seconds(of: $1.optimizer, $1.phase) }
    let left = max(0, work) / Double(processCount)
    guard !quiet else { return left }
    let plan = comparison.plan
    let searches = plan.searchCount * plan.optimizers.count
    Console.note(
      "cost   \(plan.trialCount.counted("training")): \(searches) to find rates "
        + "(\(plan.length(.search))), \(plan.seedCount * plan.optimizers.count) to compare "
        + "(\(plan.length(.final)))")
    let done =
      ended.count == plan.trialCount
      ? "all \(ended.count.grouped) are done"
      : (ended.isEmpty ? "" : "\(ended.count.grouped) are done, the others take ")
        + "about \(left.duration)"
    Console.note("       \(done), in \(options.folder)")
    return left
  }

  /// Trains behind a progress bar, and says what was found.
  private func train(
    _ comparison: OptimizerComparison, _ cost: ComparisonCost
  ) throws -> [OptimizerResult]? {
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    // The bar counts whole numbers.
    func milliseconds(_ seconds: Double) -> Int { Int(seconds * 1000) }
    return try comparison.run(cost: cost) { done, total in
      let (done, total) = (milliseconds(done), milliseconds(total))
      bar.show("training", done: done, of: total, bar.remaining(done: done, of: total))
    } searched: { result in
      bar.clear()
      if !quiet { Console.note("rate   " + result.searchLine) }
    } trained: { trial in
      bar.clear()
      guard !quiet, !trial.isKept else { return }
      Console.note(
        "seed   \(trial.seed) \(comparison.plan.optimizers[trial.optimizer]): "
          + (trial.finalLoss.map { "loss \($0.digits(4))" } ?? "diverged")
          + (trial.finalAccuracy.map { ", \($0.percentage()) of the validation images" } ?? ""))
    }
  }
}

extension ComparisonPlan {
  /// How long each training of a phase is.
  fileprivate func length(_ phase: ComparisonTrial.Phase) -> String {
    let (epochs, budget) =
      phase == .search
      ? (searchEpochs, searchBudget) : (configuration.epochs, configuration.budget)
    return budget?.duration ?? epochs.counted("epoch")
  }
}

extension OptimizerResult {
  /// What the search has found.
  var searchLine: String {
    let failed = search.trials.count { $0.loss == nil }
    guard let best = search.best, let loss = best.loss else {
      return "\(optimizer): diverged at all \(search.trials.count) rates"
    }
    var notes: [String] = []
    if failed > 0 { notes.append("diverged at \(failed) of \(search.trials.count)") }
    if let side = search.extended { notes.append("grid extended to \(side.rawValue) rates") }
    if search.isAtEdge { notes.append("the edge of all tried") }
    return "\(optimizer): \(Double(best.rate).short) (loss \(loss.digits(4)))"
      + (notes.isEmpty ? "" : "; " + notes.joined(separator: ", "))
  }
}

extension TrainingData {
  /// What always giving the most frequent class of the validation images reaches, and the loss of
  /// equal probabilities.
  fileprivate func guessing(_ configuration: TrainingConfiguration) throws -> GuessingLevel {
    let targets = validation.map { loaded.images[$0].classIndex }
    let objective = try configuration.makeObjective(
      classCount: classNames.count, smoothed: false)
    let logits = [Float](repeating: 0, count: targets.count * classNames.count)
    let evaluation = Evaluation(
      logits: logits, targets: targets, classes: classNames, objective: objective)
    return GuessingLevel(loss: evaluation.loss, accuracy: evaluation.majorityAccuracy)
  }
}

import Foundation
import Tensors
import TestSupport
import Testing
import Training

/// A run does not depend on how many processes share its batches.
@Suite struct SharedTrainingTests {
  /// What a run leaves.
  struct Outcome: Equatable, Sendable {
    var best: Checkpoint, last: Checkpoint
    var steps: [StepRecord], losses: [Double?]
  }

  /// Notes what a trainer tells.
  final class Notes: TrainingObserver {
    var steps: [StepRecord] = [], losses: [Double?] = []
    func observe(_ event: TrainingEvent) {
      switch event {
      case .step(let step, _): steps.append(step)
      case .epoch(let epoch, _, _): losses += [epoch.trainLoss, epoch.validationLoss]
      default: break
      }
    }
  }

  static func train(
    _ configuration: TrainingConfiguration, _ processes: (any ProcessGroup)?,
    stop: @escaping @Sendable (_ rank: Int, _ steps: Int) -> Bool = { _, _ in false }
  ) throws -> Outcome {
    let data = try TrainingData(
      Stripes.load(90), validationSplit: 0.2, testSplit: 0.1, seed: configuration.seed)
    let notes = Notes()
    let rule = StopRequest {
      let stops = stop(processes?.rank ?? 0, notes.steps.count)
      return processes?.any(stops) ?? stops
    }
    let outcome = try Trainer(
      configuration: configuration, data: data,
      workers: Workers(count: 1, processes: processes), observers: [notes],
      stoppingRules: [rule]
    ).run()
    return Outcome(
      best: outcome.best, last: outcome.last, steps: notes.steps, losses: notes.losses)
  }

  static func configuration(
    _ optimizer: String, budget: Double? = nil
  ) throws -> TrainingConfiguration {
    var configuration = Stripes.augmented()
    configuration.budget = budget
    configuration.optimizer = try .init(optimizer)
    return configuration
  }

  @Test(arguments: ["adam", "sgd:sam=0.05,ema=0.9", "adam:lookahead=3"])
  func `steps, epochs and networks have the same bits in several processes`(
    optimizer: String
  ) throws {
    let configuration = try Self.configuration(optimizer)
    let alone = try Self.train(configuration, nil)
    #expect(alone.steps.count == 8)
    for count in 2...4 {
      let shared = ThreadGroup.run(count) { try? Self.train(configuration, $0) }
      for (rank, outcome) in shared.enumerated() {
        #expect(outcome == alone, "rank \(rank) of \(count)")
      }
    }
  }

  @Test func `a request to one process stops all after the same step`() throws {
    let configuration = try Self.configuration("adam")
    let stopped = ThreadGroup.run(3) { group in
      try? Self.train(configuration, group) { rank, steps in rank == 2 && steps >= 3 }
    }
    #expect(stopped.map { $0?.steps.count } == [3, 3, 3])
  }

  @Test func `a budgeted run follows the clock of the first process`() throws {
    let configuration = try Self.configuration("adam", budget: 1)
    let shared = ThreadGroup.run(2) { try? Self.train(configuration, $0) }
    let first = try #require(shared[0])
    #expect(first.steps.count > 1 && shared[1] == first)
  }
}

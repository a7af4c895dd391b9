import ConvNet
import Foundation
import ImageLoading
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

  @Test(arguments: [BatchMixing?.none, BatchMixing(mixup: 0.4, cutmix: 1)])
  func `a process writes the images that it needs, and those of the batch as one process does`(
    mixing: BatchMixing?
  ) throws {
    var configuration = Stripes.augmented()
    configuration.mixing = mixing
    let choices = configuration
    let shares = ThreadGroup.run(3) { group in
      let both: [(any ProcessGroup)?] = [nil, group]
      return both.map { processes -> [[Float]] in
        let workers = Workers(count: 1, processes: processes)
        guard
          let data = try? TrainingData(
            Stripes.load(90), validationSplit: 0.2, testSplit: 0.1, seed: 1),
          let network = try? choices.makeNetwork(classCount: 2)
        else { return [] }
        let source = BatchSource(choices, data: data, workers: workers)
        let own = Execution(
          network: network, batchSize: source.batchSize,
          workers: Workers(count: 1, processes: group), trains: true)
        var (batches, values) = (source.batches(ofEpoch: 0), [[Float]]())
        own.input.fill(.nan)
        let needs = own.images(ofBatch:)
        while let batch = try? processes == nil
          ? batches.next(into: own.input) : batches.next(into: own)
        {
          let (range, size) = (needs(batch.samples.count), network.inputShape.count)
          values.append(own.input[range.lowerBound * size..<range.upperBound * size].array)
          own.input.fill(.nan)
        }
        return values
      }
    }
    for share in shares {
      #expect(share[0].count == 4 && share[0] == share[1])
      #expect(share[1].joined().allSatisfy { $0.isFinite })
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

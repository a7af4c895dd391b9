import Foundation
import TestSupport
import Testing
import Training

/// A run is saved inside an epoch, too, and goes on from there as if nothing had happened.
@Suite struct SavingTests {
  /// Ends a run when the state of a step is saved.
  private final class Killer: TrainingObserver {
    struct Killed: Error {}
    let step: Int

    init(step: Int) { self.step = step }

    func observe(_ event: TrainingEvent) throws {
      if case .resumable(let state, _) = event, state.progress.step == step { throw Killed() }
    }
  }

  /// Counts the states that are saved while the run goes on inside an epoch.
  private final class Counter: TrainingObserver {
    private(set) var inside = 0, atEnds = 0

    func observe(_ event: TrainingEvent) {
      guard case .resumable(let state, let model) = event else { return }
      if state.progress.isBetweenEpochs { atEnds += 1 } else { inside += 1 }
      #expect((model != nil) == state.progress.isBetweenEpochs)
    }
  }

  private func files(_ rehearsal: Rehearsal) throws -> [Data] {
    let run = rehearsal.directory
    return try [run.steps, run.bestCheckpoint, run.lastCheckpoint].map {
      try Data(contentsOf: URL(filePath: $0))
    }
  }

  /// Two epochs of 6 steps: steps 6 and 12 are saved before and after the validation.
  @Test(arguments: [1, 4, 6, 7, 12], [1, 2])
  func `a run killed after any step ends in the same bytes`(step: Int, threads: Int) throws {
    var configuration = Stripes.augmented()
    configuration.patience = 5
    let folder = try TemporaryFolder(), other = try TemporaryFolder()
    let whole = try Rehearsal(configuration, in: folder)
    try whole.train()
    let killed = try Rehearsal(configuration, in: other)
    #expect(throws: TrainingError.self) {
      try killed.train(observers: [Killer(step: step)], saving: .every(.zero))
    }
    #expect(try killed.state().progress.step == step)
    try killed.train(threads: threads, resuming: killed.resumePoint())
    #expect(try killed.metrics() == whole.metrics())
    #expect(try killed.steps() == whole.steps())
    #expect(try killed.state().checkpoint.parameters == whole.state().checkpoint.parameters)
    #expect(try killed.resumePoint().best?.parameters == whole.resumePoint().best?.parameters)
  }

  @Test func `a best network that a kill has not let be saved is the last one`() throws {
    let killed = try Rehearsal(Stripes.configuration(epochs: 3))
    let best = killed.directory.bestCheckpoint
    #expect(throws: TrainingError.self) { try killed.train(observers: [Killer(step: 6)]) }
    let before = try Data(contentsOf: URL(filePath: best))
    let state = try killed.state()
    try #require(state.progress.bestEpoch == 1)
    try FileManager.default.removeItem(atPath: best)
    #expect(try killed.resumePoint().best?.description.epoch == 1)
    try killed.train(stopAfter: 1, resuming: killed.resumePoint())
    #expect(try Data(contentsOf: URL(filePath: best)) == before)
  }

  @Test func `a network from inside an epoch is not taken for the best one`() throws {
    let stopped = try Rehearsal(Stripes.configuration(epochs: 3))
    try stopped.train(stopAfter: 9)
    let progress = try stopped.state().progress
    try #require(progress.bestEpoch == 1 && progress.stepInEpoch == 3)
    try FileManager.default.removeItem(atPath: stopped.directory.bestCheckpoint)
    #expect(throws: CheckpointError.self) { try stopped.resumePoint() }
  }

  @Test func `a run is saved as often as it is asked to`() throws {
    let expected: [(SavingInterval, Int)] = [
      (.every(.zero), 12), (.every(.seconds(600)), 0), (.automatic, 0), (.epochs, 0),
    ]
    for (interval, count) in expected {
      let counter = Counter()
      try Rehearsal(count: 120).train(observers: [counter], saving: interval)
      #expect(counter.inside == count, "\(interval)")
      #expect(counter.atEnds == 3)
    }
  }
}

import Foundation
import Optimization
import TestSupport
import Testing
import Training

/// A run that was stopped after its last epoch is finished by resuming it, and one that has
/// finished is not trained on.
@Suite struct LastPhaseTests {
  /// Ends a run when it has saved a step, as a kill would.
  private final class Killer: TrainingObserver {
    struct Killed: Error {}
    var step: Int
    init(_ step: Int) { self.step = step }

    func observe(_ event: TrainingEvent) throws {
      if case .resumable(let state, _) = event, state.progress.step >= step { throw Killed() }
    }
  }

  func expectSame(_ a: Rehearsal, _ b: Rehearsal) throws {
    #expect(try a.metrics() == b.metrics())
    #expect(try a.state().checkpoint.parameters == b.state().checkpoint.parameters)
    func best(_ run: Rehearsal) throws -> Checkpoint {
      try Checkpoint(contentsOf: run.directory.bestCheckpoint)
    }
    #expect(try best(a).parameters == best(b).parameters)
    func result(_ run: Rehearsal) throws -> RunRecord.Result {
      var result = try #require(RunRecord(contentsOf: run.directory).result)
      result.seconds = 0
      return result
    }
    #expect(try result(a) == result(b))
  }

  /// Nothing moves, so that patience ends the run after epoch 2.
  var still: TrainingConfiguration {
    var configuration = Stripes.configuration(epochs: 9)
    configuration.architecture = "conv 4 3x3, relu, global-pool, flatten, dense"
    configuration.learningRate = 1e-30
    configuration.patience = 2
    return configuration
  }

  @Test(arguments: [false, true])
  func `a run killed after its last epoch is tested when it is resumed`(isStill: Bool) throws {
    let configuration = isStill ? still : Stripes.configuration(epochs: 2)
    let (whole, killed) = try (Rehearsal(configuration), Rehearsal(configuration))
    try whole.train()
    #expect(throws: TrainingError.self) { try killed.train(observers: [Killer(12)]) }
    let before = try killed.state()
    let record = try killed.train(resuming: killed.resumePoint())
    #expect(record.status == .finished && record.result?.testCount == killed.data.test.count)
    #expect(try killed.state() == before)
    try expectSame(whole, killed)
  }

  @Test func `a run that has finished is not trained on`() throws {
    for (configuration, words) in [
      (Stripes.configuration(epochs: 2), "all its 2 epochs (--epochs 2)"),
      (still, "no lower validation loss for 2 epochs (--patience 2)"),
    ] {
      var rehearsal = try Rehearsal(configuration)
      rehearsal.record = try rehearsal.train()
      let error = #expect(throws: TrainingError.self) {
        try rehearsal.train(resuming: rehearsal.resumePoint())
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      #expect(try RunRecord(contentsOf: rehearsal.directory).status == .finished)
    }
  }

  @Test func `more patience lets a run go on that lost it`() throws {
    var rehearsal = try Rehearsal(still)
    rehearsal.record = try rehearsal.train()
    rehearsal.configuration.patience = 4
    #expect(try rehearsal.train(resuming: rehearsal.resumePoint()).status == .finished)
    #expect(try rehearsal.metrics().map(\.epoch) == [0, 1, 2, 3, 4])
  }

  @Test(arguments: [(12, 1), (13, 2)])
  func `a run is not cut back to fewer epochs than it has begun`(
    steps: Int, epochs: Int
  ) throws {
    var rehearsal = try Rehearsal(Stripes.configuration(epochs: 4))
    try rehearsal.train(stopAfter: steps)
    rehearsal.configuration.epochs = epochs
    #expect(
      throws: TrainingError.tooFewEpochs(
        run: rehearsal.directory.path, epochs: epochs, begun: epochs + 1)
    ) { try rehearsal.train(resuming: rehearsal.resumePoint()) }
  }

  @Test func `a run that waits in vain says so, in its events as well`() throws {
    final class Ear: TrainingObserver {
      var reasons: [String] = []
      func observe(_ event: TrainingEvent) {
        if case .stopping(let reason) = event { reasons.append(reason) }
      }
    }
    let ear = Ear()
    let rehearsal = try Rehearsal(still)
    try rehearsal.train(observers: [ear])
    #expect(ear.reasons == ["no lower validation loss for 2 epochs (--patience 2)"])
    let events = try String(contentsOfFile: rehearsal.directory.events, encoding: .utf8)
    #expect(events.contains(#""event":"stop","reason":"no lower validation loss"#))
    try Rehearsal(Stripes.configuration(epochs: 1)).train(observers: [ear])
    #expect(ear.reasons.count == 1)
  }

  /// Smoothed targets keep training finite; validation has 0 and 1, whose logarithm is infinite.
  var unmeasurable: TrainingConfiguration {
    get throws {
      var configuration = Stripes.configuration(epochs: 3)
      configuration.objective = try ObjectiveChoice("expr:-(p * log(y))")
      configuration.labelSmoothing = 0.1
      return configuration
    }
  }

  @Test func `a validation loss that is not a number is a divergence, not the end`() throws {
    let rehearsal = try Rehearsal(unmeasurable)
    let error = #expect(throws: TrainingError.self) { try rehearsal.train() }
    guard case .diverged(let divergence)? = error else {
      Issue.record("ended with \(String(describing: error))")
      return
    }
    #expect(divergence.epoch == 1 && divergence.step == 6 && divergence.kept == nil)
    #expect(divergence.description.contains("the validation loss became inf; gradient"))
    #expect(try RunRecord(contentsOf: rehearsal.directory).status == .diverged)
    #expect(try rehearsal.metrics().map(\.epoch) == [0, 1])
  }

  @Test func `a test loss that is not a number is a divergence, too`() throws {
    var configuration = try unmeasurable
    configuration.validationSplit = 0
    let rehearsal = try Rehearsal(configuration)
    let error = #expect(throws: TrainingError.self) { try rehearsal.train() }
    #expect(error?.description.contains("the test loss became inf") == true)
    #expect(try RunRecord(contentsOf: rehearsal.directory).result == nil)
  }
}

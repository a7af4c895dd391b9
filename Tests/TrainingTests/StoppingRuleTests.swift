import Tensors
import TestSupport
import Testing
import Training

@Suite struct StoppingRuleTests {
  func progress(
    epoch: Int, stepInEpoch: Int = 0, best: Int? = nil
  ) -> TrainingState.Progress {
    var progress = TrainingState.Progress()
    (progress.epoch, progress.stepInEpoch, progress.bestEpoch) = (epoch, stepInEpoch, best)
    return progress
  }

  @Test(arguments: [(2, 0, nil), (3, 0, StopDecision.finish), (3, 1, nil), (4, 0, .finish)])
  func `an epoch limit finishes between epochs once the limit is reached`(
    epoch: Int, stepInEpoch: Int, expected: StopDecision?
  ) {
    #expect(
      EpochLimit(3).decision(at: progress(epoch: epoch, stepInEpoch: stepInEpoch)) == expected)
  }

  private static let waits: [(Int, Int?, Int, StopDecision?)] = [
    (4, 3, 0, nil), (5, 3, 0, .finish), (5, 3, 1, nil), (2, nil, 0, .finish),
  ]

  @Test(arguments: waits)
  func `patience counts epochs since the best one`(
    epoch: Int, best: Int?, stepInEpoch: Int, expected: StopDecision?
  ) {
    let progress = progress(epoch: epoch, stepInEpoch: stepInEpoch, best: best)
    #expect(Patience(2).decision(at: progress) == expected)
  }

  @Test func `a stop request interrupts wherever the run is`() {
    #expect(StopRequest { true }.decision(at: progress(epoch: 1, stepInEpoch: 2)) == .interrupt)
    #expect(StopRequest { false }.decision(at: progress(epoch: 1, stepInEpoch: 2)) == nil)
  }

  /// A rule of one's own: a number of steps.
  struct StepLimit: StoppingRule {
    var steps: Int
    var how = StopDecision.finish
    func decision(at progress: TrainingState.Progress) -> StopDecision? {
      progress.step >= steps ? how : nil
    }
  }

  @Test(arguments: [
    ([StopDecision.finish, .interrupt], RunRecord.Status.finished),
    ([.interrupt, .finish], .interrupted),
  ])
  func `the first rule that wants to stop decides how`(
    decisions: [StopDecision], status: RunRecord.Status
  ) throws {
    let rehearsal = try Rehearsal(count: 40)
    let outcome = try Trainer(
      configuration: rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 2),
      stoppingRules: decisions.map { StepLimit(steps: 1, how: $0) }
    ).run()
    #expect(outcome.status == status)
  }

  @Test func `a rule of one's own may finish a run within an epoch, which is saved`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 4))
    let recorder = RunRecorder(directory: rehearsal.directory, record: rehearsal.record)
    let outcome = try Trainer(
      configuration: rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 2),
      recorder: recorder, stoppingRules: [StepLimit(steps: 8)]
    ).run()
    #expect(outcome.status == .finished && outcome.result?.testAccuracy != nil)
    #expect(try rehearsal.state().progress.step == 8)
    #expect(recorder.record.status == .finished)
  }
}

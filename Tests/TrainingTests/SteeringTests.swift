import Foundation
import Optimization
import TestSupport
import Testing
import Training

/// What is asked of a run while it trains.
@Suite struct SteeringTests {
  /// Does something when an event comes.
  private final class Listener: TrainingObserver {
    let body: (TrainingEvent) throws -> Void
    init(_ body: @escaping (TrainingEvent) throws -> Void) { self.body = body }
    func observe(_ event: TrainingEvent) throws { try body(event) }
  }

  private struct Killed: Error {}

  /// Asks for a rate while a step is told.
  private func asking(_ run: Rehearsal, _ rate: Float, at step: Int) -> Listener {
    let requests = RunRequests(of: run.directory)
    return Listener { event in
      if case .step(let record, _) = event, record.step == step {
        try requests.ask(learningRate: rate)
      }
    }
  }

  private func parameters(_ run: Rehearsal) throws -> [Float] {
    try Checkpoint(contentsOf: run.directory.lastCheckpoint).parameters.scalars
  }

  private func rates(_ run: Rehearsal) throws -> [Double] {
    try CSVTable.read(StepRecord.self, from: run.directory.steps).map(\.learningRate)
  }

  /// Four epochs of six steps, told beforehand to have a lower rate from step 9 on.
  private func told(_ change: LearningRateChange = .init(step: 9, rate: 0.002)) throws -> Rehearsal
  {
    var configuration = Stripes.augmented(epochs: 4)
    configuration.add(change)
    let run = try Rehearsal(configuration)
    try run.train()
    return run
  }

  @Test func `a rate that is asked for gives the run that was told to have it`() throws {
    let run = try Rehearsal(Stripes.augmented(epochs: 4))
    let record = try run.train(observers: [asking(run, 0.002, at: 8)])
    #expect(record.configuration.learningRateChanges == [.init(step: 9, rate: 0.002)])
    #expect(record.command == ["--learning-rate-at=9=0.002"])
    let other = try told()
    #expect(try parameters(run) == parameters(other))
    #expect(try rates(run) == rates(other))
    let plain = try Rehearsal(Stripes.augmented(epochs: 4))
    try plain.train()
    let (steered, usual) = (try rates(run), try rates(plain))
    #expect(steered[..<8] == usual[..<8])
    #expect(zip(steered[8...], usual[8...]).allSatisfy { abs($0 - 0.2 * $1) < 1e-9 })
    let epochs = try CSVTable.read(EpochRecord.self, from: run.directory.metrics)
    #expect(epochs[2].learningRate == steered[11])
    let event = try #require(try run.event("learning_rate"))
    #expect(event["step"] as? String == "9" && event["highest"] as? String == "0.002")
    let left = try FileManager.default.contentsOfDirectory(atPath: run.directory.path)
    #expect(!left.contains { $0.hasSuffix(".request") || $0.hasSuffix(".taken") })
  }

  @Test func `a run that is stopped after the change goes on as the one that was told`() throws {
    var run = try Rehearsal(Stripes.augmented(epochs: 4))
    run.record = try run.train(stopAfter: 10, observers: [asking(run, 0.002, at: 8)])
    run.configuration = run.record.configuration
    try run.train(resuming: run.resumePoint())
    #expect(try parameters(run) == parameters(told()))
  }

  @Test(arguments: [false, true])
  func `a run that is killed over the change has it at the same step`(isLeft: Bool) throws {
    var run = try Rehearsal(Stripes.augmented(epochs: 4))
    let killer = Listener { if case .learningRate = $0 { throw Killed() } }
    #expect(throws: TrainingError.self) {
      try run.train(observers: [asking(run, 0.002, at: 8), killer])
    }
    run.record = try RunRecord(contentsOf: run.directory)
    run.configuration = run.record.configuration
    #expect(try run.state().progress.step == 6)
    if isLeft {
      // Killed before the request was removed.
      let id = try #require(run.record.lastRequest)
      try Data(#"{"id":"\#(id)","learning_rate":0.002}"#.utf8)
        .write(to: URL(filePath: "\(run.directory.path)/learning-rate.taken"))
    }
    let record = try run.train(resuming: run.resumePoint())
    #expect(record.configuration.learningRateChanges == [.init(step: 9, rate: 0.002)])
    #expect(try parameters(run) == parameters(told()))
  }

  @Test func `what was asked of a run that was killed is done when it goes on`() throws {
    var run = try Rehearsal(Stripes.augmented(epochs: 4))
    run.record = try run.train(stopAfter: 7)
    try RunRequests(of: run.directory).ask(learningRate: 0.5)
    try RunRequests(of: run.directory).ask(learningRate: 0.002)
    run.record = try run.train(resuming: run.resumePoint())
    #expect(run.record.configuration.learningRateChanges == [.init(step: 9, rate: 0.002)])
    #expect(try parameters(run) == parameters(told()))
  }

  @Test func `a folder or a link in the place of a request is none, and the run goes on`() throws {
    let run = try Rehearsal(Stripes.configuration())
    let path = run.directory.path
    try run.train(
      observers: [
        Listener { event in
          guard case .step(let step, _) = event, step.step == 3 else { return }
          let files = FileManager.default
          try files.createDirectory(
            atPath: "\(path)/pause.request/x", withIntermediateDirectories: true)
          try files.createDirectory(
            atPath: "\(path)/learning-rate.taken", withIntermediateDirectories: true)
          try files.createSymbolicLink(
            atPath: "\(path)/learning-rate.request", withDestinationPath: "run.json")
        }
      ])
    #expect(try RunRecord(contentsOf: run.directory).status == .finished)
  }

  @Test func `a change that was taken cannot be edited away`() throws {
    var run = try Rehearsal(Stripes.configuration(epochs: 4))
    run.record = try run.train(stopAfter: 10, observers: [asking(run, 0.002, at: 8)])
    var record = run.record
    record.configuration.learningRateChanges = nil
    try record.write(to: run.directory)
    let error = #expect(throws: CheckpointError.self) { try run.resumePoint() }
    #expect(error?.description.contains("learning_rate_changes up to step 10") == true)
    record = run.record
    record.configuration.add(.init(step: 20, rate: 0.001))
    try record.write(to: run.directory)
    #expect(throws: Never.self) { try run.resumePoint() }
  }

  @Test(arguments: [
    "", "{}", #"{"id":"a","learning_rate":0}"#, #"{"id":"a","learning_rate":-1}"#, "\0\u{1}",
    #"{"id":"a","learning_rate":1e99}"#, String(repeating: " ", count: 9000),
  ])
  func `a request that is none is refused in the run's events`(text: String) throws {
    let run = try Rehearsal(Stripes.configuration())
    let file = "\(run.directory.path)/learning-rate.request"
    let record = try run.train(
      observers: [
        Listener { event in
          guard case .step(let step, _) = event, step.step == 3 else { return }
          try Data(text.utf8).write(to: URL(filePath: file))
        }
      ])
    #expect(record.configuration.learningRateChanges == nil)
    #expect(try run.event("refused")?["reason"] is String)
    #expect(!FileManager.default.fileExists(atPath: file))
    let plain = try Rehearsal(Stripes.configuration())
    try plain.train()
    #expect(try parameters(run) == parameters(plain))
  }

  @Test func `a formula that gives the rates itself refuses another one`() throws {
    var configuration = Stripes.configuration()
    configuration.schedule = try ScheduleChoice("expr:0.01*(1-t)")
    let run = try Rehearsal(configuration)
    let record = try run.train(observers: [asking(run, 0.5, at: 3)])
    #expect(record.configuration.learningRateChanges == nil)
    #expect((try run.event("refused")?["reason"] as? String)?.contains("'peak'") == true)
    configuration.schedule = try ScheduleChoice("expr:peak*(1-t)")
    let other = try Rehearsal(configuration)
    let changed = try other.train(observers: [asking(other, 0.5, at: 3)])
    #expect(changed.configuration.learningRateChanges == [.init(step: 4, rate: 0.5)])
  }

  @Test func `a run that pauses is saved, and the time does not count`() throws {
    let run = try Rehearsal(Stripes.augmented(epochs: 4))
    let requests = RunRequests(of: run.directory)
    var (saved, status, waited) = (0, RunRecord.Status.failed, 0.0)
    let start = ContinuousClock.now
    let record = try run.train(
      observers: [
        Listener { event in
          switch event {
          case .step(let step, _) where step.step == 8: try requests.ask(pause: true)
          case .paused(let step, _):
            #expect(step == 8)
            saved = try run.state().progress.step
            status = try RunRecord(contentsOf: run.directory).status
            Thread.detachNewThread {
              usleep(1_500_000)
              try? requests.ask(pause: false)
            }
          case .continued(let seconds): waited = seconds
          default: break
          }
        }
      ])
    let all = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    #expect(saved == 8 && status == .paused && waited > 1.4)
    #expect(record.status == .finished && record.lastPause?.ended != nil)
    let seconds = try #require(record.result?.seconds)
    #expect(seconds < all - 1.4, "\(seconds) of \(all)")
    let plain = try Rehearsal(Stripes.augmented(epochs: 4))
    try plain.train()
    #expect(try parameters(run) == parameters(plain))
  }

  @Test func `a rate may be changed while a run waits, and a run that waits can be stopped`() throws
  {
    let run = try Rehearsal(Stripes.augmented(epochs: 4))
    let requests = RunRequests(of: run.directory)
    let record = try run.train(
      stopAfter: 8,
      observers: [
        Listener { event in
          if case .step(let step, _) = event, step.step == 8 {
            try requests.ask(pause: true)
            try requests.ask(learningRate: 0.002)
          }
        }
      ])
    #expect(record.status == .interrupted && !requests.isPauseWanted)
    #expect(record.configuration.learningRateChanges == [.init(step: 9, rate: 0.002)])
    var resumed = run
    (resumed.record, resumed.configuration) = (record, record.configuration)
    try resumed.train(resuming: resumed.resumePoint())
    #expect(try parameters(resumed) == parameters(told()))
  }

  @Test func `a run with a budget that pauses has the rest of its time left`() throws {
    var configuration = Stripes.configuration()
    configuration.budget = 2
    let run = try Rehearsal(configuration)
    let requests = RunRequests(of: run.directory)
    let start = ContinuousClock.now
    let record = try run.train(
      observers: [
        Listener { event in
          if case .step(let step, _) = event, step.step == 8 { try requests.ask(pause: true) }
          guard case .paused = event else { return }
          Thread.detachNewThread {
            usleep(2_500_000)
            try? requests.ask(pause: false)
          }
        }
      ])
    #expect(ContinuousClock.now - start > .seconds(3.5))
    let seconds = try #require(record.result?.seconds)
    #expect(seconds > 1 && seconds < 2.5, "\(seconds)")
    let readings = try CSVTable.read(ClockReading.self, from: run.directory.clock)
    var again = try Rehearsal(configuration)
    again.record.name = run.record.name
    try again.train(readings: readings)
    #expect(try parameters(run) == parameters(again))
  }
}

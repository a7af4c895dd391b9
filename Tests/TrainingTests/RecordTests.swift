import Foundation
import Tensors
import TestSupport
import Testing
import Training

/// Does something at each event.
private final class Probe: TrainingObserver {
  let body: (TrainingEvent) throws -> Void
  init(_ body: @escaping (TrainingEvent) throws -> Void) { self.body = body }
  func observe(_ event: TrainingEvent) throws { try body(event) }
}

/// What a run says about itself, in its files and to its observers.
@Suite struct RecordTests {
  @Test func `the row of an epoch is the mean of its steps, by images`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 2), count: 50)
    var shown: [StepProgress] = []
    try rehearsal.train(observers: [
      Probe { if case .step(_, let progress) = $0 { shown.append(progress) } }
    ])
    let (steps, count) = (try rehearsal.steps(), rehearsal.data.training.count)
    let sizes = stride(from: 0, to: count, by: 16).map { Double(min(16, count - $0)) }
    try #require(sizes[0] != sizes[sizes.count - 1])
    for row in try rehearsal.metrics().dropFirst() {
      let own = steps.filter { $0.epoch == row.epoch }
      #expect(own.count == sizes.count && row.step == own.last?.step)
      #expect(row.learningRate == own.last?.learningRate)
      func means(_ value: KeyPath<StepRecord, Double>) -> [Double] {
        sizes.indices.map { last in
          let sum = zip(own, sizes).prefix(last + 1).reduce(0) { $0 + $1.0[keyPath: value] * $1.1 }
          return sum / sizes.prefix(last + 1).reduce(0, +)
        }
      }
      let norm = try #require(row.gradientNorm)
      #expect(abs(norm - means(\.gradientNorm)[sizes.count - 1]) < 1e-9)
      // An observer sees the mean so far; after the last step it is the row's.
      let seen = shown.filter { $0.epoch == row.epoch }
      #expect(seen.map(\.step) == Array(1...sizes.count))
      #expect(zip(seen.map(\.loss), means(\.loss)).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(seen.last?.loss == row.trainLoss && seen.last?.accuracy == row.trainAccuracy)
    }
    #expect(shown.allSatisfy { $0.stepCount == sizes.count && $0.epochCount == 2 })
    #expect(shown.allSatisfy { $0.imagesPerSecond > 0 })
  }

  @Test func `time is counted once, and goes on when a run is resumed`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 4))
    let trainer = try Trainer(
      configuration: rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 2))
    let start = ContinuousClock.now
    let seconds = try #require(trainer.run().result).seconds
    #expect(.seconds(seconds) <= ContinuousClock.now - start)
    try rehearsal.train(stopAfter: 8)
    var point = try rehearsal.resumePoint()
    point.state.progress.seconds = 1000
    #expect(try #require(rehearsal.train(resuming: point).result).seconds > 1000)
  }

  @Test func `an observer finds in the run's files what it is told`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 1), count: 40)
    let directory = rehearsal.directory
    try rehearsal.train(observers: [
      Probe { event in
        switch event {
        case .began, .step, .layers, .clock, .snapshot, .retrying, .stopping, .failed,
          .worstImages, .learningRate, .refused, .paused, .continued:
          break
        case .epoch(let row, _, _):
          let rows = try CSVTable.read(EpochRecord.self, from: directory.metrics)
          #expect(rows.last == row)
        case .resumable(_, let model):
          let last = try Checkpoint(contentsOf: directory.lastCheckpoint)
          #expect(last == model)
        case .completed(let model):
          let best = try Checkpoint(contentsOf: directory.bestCheckpoint)
          #expect(best == model)
        case .ended(let status, _):
          let record = try RunRecord(contentsOf: directory)
          #expect(record.status == status)
        }
      }
    ])
  }

  @Test func `a resumed run counts as running, and its events say what happened`() throws {
    var rehearsal = try Rehearsal(Stripes.configuration(epochs: 2), count: 40)
    let directory = rehearsal.directory
    try rehearsal.train(stopAfter: 1)
    rehearsal.record = try RunRecord(contentsOf: directory)
    #expect(rehearsal.record.status == .interrupted)
    try rehearsal.train(
      resuming: rehearsal.resumePoint(),
      observers: [
        Probe { event in
          guard case .began = event else { return }
          let record = try RunRecord(contentsOf: directory)
          #expect(record.status == .running)
        }
      ])
    struct Event: Decodable { var event: String }
    let events = try String(contentsOfFile: directory.events, encoding: .utf8)
      .split(separator: "\n").map {
        try JSONDecoder().decode(Event.self, from: Data($0.utf8)).event
      }
    // Which epochs are the best so far is not told in advance.
    #expect(
      events.filter { $0 != "best" } == [
        "start", "checkpoint", "checkpoint", "end", "resume", "checkpoint", "checkpoint", "end",
      ])
    #expect(events.contains("best"))
  }
}

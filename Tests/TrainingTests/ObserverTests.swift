import Dispatch
import Foundation
import Optimization
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

/// Remembers the events of a run, and throws at the one it is told.
private final class Witness: TrainingObserver {
  struct Refusal: Error {}
  private(set) var names: [String] = []
  private(set) var models: [Checkpoint] = []
  var refuses: String?
  var onStep: () -> Void = {}

  func observe(_ event: TrainingEvent) throws {
    let name =
      switch event {
      case .began: "began"
      case .step(let record, _): "step \(record.step)"
      case .layers(let layers): "layers \(layers.count)"
      case .clock(let reading): "clock \(reading.step)"
      case .worstImages(let images): "worst \(images.epoch)"
      case .learningRate(let change, _): "rate \(change)"
      case .refused(let reason): "refused: \(reason)"
      case .paused(let step, _): "paused \(step)"
      case .continued: "continued"
      case .snapshot(_, let step): "snapshot \(step)"
      case .epoch(let record, _, _): "epoch \(record.epoch)"
      case .resumable(let state, _): "resumable \(state.progress.step)"
      case .retrying(_, let state): "retrying \(state.progress.step)"
      case .stopping(let reason): "stopping: \(reason)"
      case .completed: "completed"
      case .ended(let status, _): "ended \(status)"
      case .failed: "failed"
      }
    names.append(name)
    if case .epoch(_, let model, _) = event { models.append(model) }
    if case .step = event { onStep() }
    if refuses == name { throw Refusal() }
  }
}

@Suite struct TrainingObserverTests {
  @Test func `an observer sees the whole run in order`() throws {
    let witness = Witness()
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 2), count: 40)
    try rehearsal.train(observers: [witness])
    #expect(
      witness.names == [
        "began", "epoch 0", "resumable 0", "step 1", "layers 3", "step 2", "layers 3", "worst 1",
        "epoch 1", "resumable 2", "step 3", "layers 3", "step 4", "layers 3", "worst 2", "epoch 2",
        "resumable 4",
        "completed", "ended finished",
      ])
  }

  @Test func `a resumed run tells where it goes on`() throws {
    let witness = Witness()
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 2), count: 40)
    try rehearsal.train(stopAfter: 3)
    try rehearsal.train(resuming: rehearsal.resumePoint(), observers: [witness])
    #expect(
      witness.names == [
        "began", "step 4", "layers 3", "worst 2", "epoch 2", "resumable 4", "completed",
        "ended finished",
      ])
  }

  @Test func `the model of an epoch is the one its row was measured on`() throws {
    let witness = Witness()
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 1))
    try rehearsal.train(observers: [witness])
    let losses = try rehearsal.metrics().map(\.validationLoss)
    #expect(witness.models.map(\.description.validationLoss) == losses)
    #expect(
      try witness.models.last == Checkpoint(contentsOf: rehearsal.directory.lastCheckpoint))
  }

  @Test(arguments: ["began", "step 1", "epoch 1", "resumable 2"])
  func `an observer that throws ends the run as failed`(event: String) throws {
    let (witness, next) = (Witness(), Witness())
    witness.refuses = event
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 2), count: 40)
    #expect(throws: TrainingError.observer("Refusal()")) {
      try rehearsal.train(observers: [witness, next])
    }
    #expect(witness.names.suffix(2) == [event, "failed"])
    #expect(next.names.last == "failed" && !next.names.contains(event))
    #expect(try RunRecord(contentsOf: rehearsal.directory).status == .failed)
  }

  @Test func `without a recorder nothing is written`() throws {
    let folder = try TemporaryFolder()
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 1), in: folder)
    let before = folder.contents
    let outcome = try Trainer(
      configuration: rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 2)
    ).run()
    #expect(folder.contents == before)
    let recorded = try rehearsal.train()
    #expect(outcome.result?.validationLoss == recorded.result?.validationLoss)
    #expect(
      try outcome.best.parameters
        == Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint).parameters)
  }
}

@Suite struct LatestValueWorkerTests {
  @Test func `a slow handler holds nobody up and handles the latest of what waits`() throws {
    let (started, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let handled = Mutex<[Int]>([])
    let worker = LatestValueWorker<Int>(label: "test") { value in
      if value == 0 {
        started.signal()
        gate.wait()
      }
      handled.withLock { $0.append(value) }
    }
    worker.submit(0)
    started.wait()
    // Returns although the handler waits for us.
    for value in 1...100 { worker.submit(value) }
    gate.signal()
    try worker.finish()
    #expect(handled.withLock { $0 } == [0, 100])
  }

  @Test func `values after a rest are handled, too`() throws {
    let handled = Mutex<[Int]>([])
    let worker = LatestValueWorker<Int>(label: "test") { value in
      handled.withLock { $0.append(value) }
    }
    for value in 0..<20 {
      worker.submit(value)
      try worker.finish()
    }
    #expect(handled.withLock { $0 } == Array(0..<20))
  }

  @Test func `the failure of the last value is reported, that of an earlier one is made up for`()
    throws
  {
    struct Odd: Error {}
    let worker = LatestValueWorker<Int>(label: "test") { if $0 % 2 == 1 { throw Odd() } }
    worker.submit(1)
    #expect(throws: Odd.self) { try worker.finish() }
    worker.submit(2)
    try worker.finish()
  }
}

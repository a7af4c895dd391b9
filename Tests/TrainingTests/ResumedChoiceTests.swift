import Foundation
import Optimization
import TestSupport
import Testing
import Training

/// A run goes on with the choices it was begun with, and keeps what it had.
@Suite struct ResumedChoiceTests {
  /// Ends a run after its first step.
  private final class Killer: TrainingObserver {
    struct Killed: Error {}
    func observe(_ event: TrainingEvent) throws {
      if case .step = event { throw Killed() }
    }
  }

  static let changes: [(String, @Sendable (inout TrainingConfiguration) -> Void)] = [
    ("learning_rate", { $0.learningRate *= 2 }), ("seed", { $0.seed += 1 }),
    ("batch_size", { $0.batchSize /= 2 }), ("augmentation", { $0.augmentation = .strong }),
    ("mixing", { $0.mixing = .init(mixup: 0.2, cutmix: 0) }), ("warmup", { $0.warmup += 1 }),
    ("label_smoothing", { $0.labelSmoothing = 0.1 }), ("convolution", { $0.convolution = .im2col }),
    ("precision", { $0.precision = .bfloat16 }),
    ("schedule", { $0.schedule = .constant }), ("image_sizes", { $0.imageSizes = ImageSizes("8") }),
  ]

  /// A run of two epochs that was stopped in the first.
  func stopped() throws -> Rehearsal {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 2))
    try rehearsal.train(stopAfter: 3)
    return rehearsal
  }

  @Test(arguments: changes.indices)
  func `a choice that was edited in the record is refused by its name`(index: Int) throws {
    let (name, change) = Self.changes[index]
    let run = try stopped()
    var record = try RunRecord(contentsOf: run.directory)
    change(&record.configuration)
    try record.write(to: run.directory)
    let error = #expect(throws: CheckpointError.self) { try run.resumePoint() }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("\(run.directory.record): cannot be used: \(name) is "), "\(text)")
    #expect(text.contains("but the run was trained with") && text.contains("put that back"))
  }

  @Test func `what may be given anew may also be edited`() throws {
    let run = try stopped()
    var record = try RunRecord(contentsOf: run.directory)
    record.configuration.epochs = 5
    record.configuration.patience = 3
    record.configuration.data = "elsewhere"
    try record.write(to: run.directory)
    #expect(throws: Never.self) { try run.resumePoint() }
  }

  @Test func `a state of an earlier version, without the choices, is resumed`() throws {
    let run = try stopped()
    var state = try run.state()
    #expect(state.configuration == run.configuration)
    state.configuration = nil
    try state.write(to: run.directory.state)
    #expect(try run.state().configuration == nil)
    #expect(try run.train(resuming: run.resumePoint()).status == .finished)
  }

  @Test func `a finished run keeps its result until it has a new one`() throws {
    var run = try Rehearsal(Stripes.configuration(epochs: 2))
    run.record = try run.train()
    let result = try #require(run.record.result)
    let best = try Data(contentsOf: URL(filePath: run.directory.bestCheckpoint))
    run.configuration.epochs = 4
    run.record.configuration.epochs = 4
    #expect(throws: TrainingError.self) {
      try run.train(resuming: run.resumePoint(), observers: [Killer()])
    }
    let killed = try RunRecord(contentsOf: run.directory)
    #expect(killed.status == .failed && killed.result == result)
    #expect(try Data(contentsOf: URL(filePath: run.directory.bestCheckpoint)) == best)
    let record = try run.train(resuming: run.resumePoint())
    #expect(record.status == .finished && record.result != result && record.result != nil)
  }
}

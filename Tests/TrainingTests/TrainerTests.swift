import ConvNet
import Foundation
import ImageLoading
import Optimization
import Tensors
import TestSupport
import Testing
import Training

@Suite struct TrainerTests {
  @Test func `stripes are learned`() throws {
    var configuration = Stripes.configuration(epochs: 8)
    configuration.augmentation = .none
    let rehearsal = try Rehearsal(configuration, count: 300)
    let record = try rehearsal.train()
    #expect(record.status == .finished)
    let result = try #require(record.result)
    #expect(try #require(result.testAccuracy) > 0.95)
    #expect(result.testCount == rehearsal.data.test.count)
    let metrics = try rehearsal.metrics()
    #expect(metrics.map(\.epoch) == Array(0...8))
    #expect(try #require(metrics.last).trainLoss < 0.3)
  }

  @Test func `row 0 is the untrained network, near ln 2`() throws {
    let rehearsal = try Rehearsal()
    try rehearsal.train(stopAfter: 1)
    let first = try #require(try rehearsal.metrics().first)
    #expect(first.step == 0 && first.gradientNorm == nil)
    let untrained = try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint)
    let source = BatchSource(
      rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 1))
    #expect(
      try first.trainLoss == rehearsal.loss(of: untrained, on: source.order(ofEpoch: 0)))
    #expect(
      try first.validationLoss == rehearsal.loss(of: untrained, on: rehearsal.data.validation))
    #expect(abs(first.trainLoss - log(2)) < 0.1)
    #expect(abs(try #require(first.validationLoss) - log(2)) < 0.1)
  }

  @Test func `two runs with one seed write the same tables`() throws {
    let (a, b) = (try Rehearsal(), try Rehearsal())
    try a.train()
    try b.train()
    #expect(try a.metrics() == b.metrics())
    #expect(
      try String(contentsOfFile: a.directory.steps, encoding: .utf8)
        == String(contentsOfFile: b.directory.steps, encoding: .utf8))
    #expect(
      try String(contentsOfFile: a.directory.layers, encoding: .utf8)
        == String(contentsOfFile: b.directory.layers, encoding: .utf8))
    #expect(try a.state().checkpoint.parameters == b.state().checkpoint.parameters)
  }

  @Test func `another seed is another run`() throws {
    var other = Stripes.configuration()
    other.seed = 2
    let (a, b) = (try Rehearsal(), try Rehearsal(other))
    try a.train()
    try b.train()
    #expect(try a.metrics() != b.metrics())
  }

  @Test(arguments: [(2, false), (3, false), (2, true)])
  func `the number of threads changes no bit of the run`(
    threads: Int, isAugmented: Bool
  ) throws {
    let configuration = isAugmented ? Stripes.augmented() : Stripes.configuration()
    let (a, b) = (try Rehearsal(configuration), try Rehearsal(configuration))
    try a.train(threads: 1)
    try b.train(threads: threads)
    #expect(try a.metrics() == b.metrics())
    #expect(try a.state().checkpoint.parameters == b.state().checkpoint.parameters)
  }

  /// 120 images, 10% each for validation and test, batches of 16: 6 steps an epoch.
  @Test(arguments: [(12, "between two epochs"), (8, "within an epoch"), (1, "after one step")])
  func `four epochs with a stop give the weights of four epochs in one go`(
    stop: (steps: Int, place: String)
  ) throws {
    let whole = try Rehearsal(Stripes.configuration(epochs: 4))
    try whole.train()
    let parts = try Rehearsal(Stripes.configuration(epochs: 4))
    let stopped = try parts.train(stopAfter: stop.steps)
    #expect(stopped.status == .interrupted && stopped.result == nil)
    #expect(
      try Checkpoint(contentsOf: parts.directory.lastCheckpoint).description.step == stop.steps)
    let record = try parts.train(resuming: parts.resumePoint())
    #expect(record.status == .finished)
    let (a, b) = (try whole.state(), try parts.state())
    #expect(a.checkpoint.parameters == b.checkpoint.parameters)
    #expect(a.checkpoint.statistics == b.checkpoint.statistics)
    #expect(a.optimizer == b.optimizer)
    #expect(try whole.metrics() == parts.metrics())
    #expect(
      try String(contentsOfFile: whole.directory.steps, encoding: .utf8)
        == String(contentsOfFile: parts.directory.steps, encoding: .utf8))
    #expect(
      try String(contentsOfFile: whole.directory.layers, encoding: .utf8)
        == String(contentsOfFile: parts.directory.layers, encoding: .utf8))
    #expect(
      try Checkpoint(contentsOf: whole.directory.bestCheckpoint).parameters
        == Checkpoint(contentsOf: parts.directory.bestCheckpoint).parameters)
  }

  @Test func `a stop within an epoch changes no bit of a run with everything random`() throws {
    let whole = try Rehearsal(Stripes.augmented(epochs: 3))
    try whole.train()
    let parts = try Rehearsal(Stripes.augmented(epochs: 3))
    try parts.train(threads: 1, stopAfter: 8)
    try parts.train(resuming: parts.resumePoint())
    #expect(try whole.state().checkpoint.parameters == parts.state().checkpoint.parameters)
    #expect(try whole.metrics() == parts.metrics())
  }

  @Test func `mixing changes the run, and stripes are learned all the same`() throws {
    var configuration = Stripes.configuration(epochs: 8)
    configuration.augmentation = .none
    configuration.mixing = BatchMixing(mixup: 0.2, cutmix: 0.2)
    let rehearsal = try Rehearsal(configuration, count: 300)
    let record = try rehearsal.train()
    #expect(try #require(record.result?.testAccuracy) > 0.95)
    configuration.mixing = nil
    let plain = try Rehearsal(configuration, count: 300)
    try plain.train()
    #expect(
      try #require(plain.metrics().last).trainLoss < #require(rehearsal.metrics().last).trainLoss)
  }

  @Test func `rows beyond the saved state are cut off before going on`() throws {
    let whole = try Rehearsal(Stripes.configuration(epochs: 3))
    try whole.train()
    let killed = try Rehearsal(Stripes.configuration(epochs: 3))
    // The state of the end of epoch 1, but tables that a killed run wrote further.
    try killed.train(stopAfter: 6)
    let files = [killed.directory.state, killed.directory.bestCheckpoint].map { URL(filePath: $0) }
    let saved = try files.map { try Data(contentsOf: $0) }
    try killed.train(stopAfter: 5, resuming: killed.resumePoint())
    for (file, data) in zip(files, saved) { try data.write(to: file) }
    try killed.train(resuming: killed.resumePoint())
    #expect(try whole.metrics() == killed.metrics())
    #expect(try whole.steps() == killed.steps())
  }

  @Test func `more epochs can be asked of a finished run`() throws {
    var rehearsal = try Rehearsal(Stripes.configuration(epochs: 1))
    try rehearsal.train()
    rehearsal.configuration.epochs = 2
    try rehearsal.train(resuming: rehearsal.resumePoint())
    #expect(try rehearsal.metrics().map(\.epoch) == [0, 1, 2])
  }

  @Test func `patience ends a run that does not get better`() throws {
    var configuration = Stripes.configuration(epochs: 30)
    // Nothing moves: no steps to speak of, and no running statistics.
    configuration.architecture = "conv 4 3x3, relu, global-pool, flatten, dense"
    configuration.learningRate = 1e-30
    configuration.patience = 3
    let rehearsal = try Rehearsal(configuration)
    #expect(try rehearsal.train().status == .finished)
    #expect(try rehearsal.metrics().map(\.epoch) == [0, 1, 2, 3])
  }

  @Test func `a rate far too high ends as diverged and names step and images`() throws {
    var configuration = Stripes.configuration(epochs: 3)
    configuration.optimizer = .sgd
    configuration.learningRate = 1e30
    let rehearsal = try Rehearsal(configuration)
    let error = #expect(throws: TrainingError.self) { try rehearsal.train() }
    guard case .diverged(let divergence)? = error else {
      Issue.record("ended with \(String(describing: error))")
      return
    }
    #expect(divergence.epoch == 1 && divergence.step > 1 && divergence.step <= 6)
    #expect(divergence.place != nil)
    #expect(divergence.files.count == 16 || divergence.files.count == 8)
    #expect(divergence.kept == rehearsal.directory.bestCheckpoint)
    #expect(try RunRecord(contentsOf: rehearsal.directory).status == .diverged)
    #expect(try rehearsal.steps().count == divergence.step - 1)
    // The network of row 0 is still there.
    #expect(try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint).description.epoch == 0)
  }

  @Test func `without validation images the latest network counts as best`() throws {
    var configuration = Stripes.configuration(epochs: 2)
    configuration.validationSplit = 0
    let rehearsal = try Rehearsal(configuration)
    let record = try rehearsal.train()
    #expect(record.result?.bestEpoch == 2)
    #expect(try rehearsal.metrics().allSatisfy { $0.validationLoss == nil })
  }

  @Test func `a disk that refuses ends the run with the file's name`() throws {
    let rehearsal = try Rehearsal()
    try FileManager.default.removeItem(atPath: "\(rehearsal.directory.path)/checkpoints")
    let error = #expect(throws: TrainingError.self) { try rehearsal.train() }
    #expect(error?.description.contains("last.safetensors") == true)
  }
}

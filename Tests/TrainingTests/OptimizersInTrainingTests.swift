import ConvNet
import Foundation
import ImageLoading
import Optimization
import Tensors
import TestSupport
import Testing
import Training

@Suite struct OptimizersInTrainingTests {
  /// Two steps of a schedule, running statistics and an average of the path make the loop hardest.
  static let texts =
    OptimizerChoice.all.map(\.description)
    + [
      "adam:ema=0.9", "sgd:swa=3", "momentum:sam=0.05", "adam:lookahead=4",
      "nadam:sam=0.05,lookahead=3,ema=0.9,clip-norm=1,decay=0.01", "sgd:clip-adaptive=0.01",
      "schedule-free:decay=0.1,clip-value=0.1",
    ]

  @Test(arguments: texts)
  func `a stop changes no bit, whatever the optimizer remembers`(text: String) throws {
    var configuration = Stripes.configuration(epochs: 2)
    configuration.optimizer = try OptimizerChoice(text)
    configuration.learningRate = configuration.optimizer.trainingRate
    let whole = try Rehearsal(configuration)
    try whole.train()
    let parts = try Rehearsal(configuration)
    #expect(try parts.train(stopAfter: 8).status == .interrupted)
    try parts.train(resuming: parts.resumePoint())
    let (a, b) = (try whole.state(), try parts.state())
    #expect(a.checkpoint.parameters == b.checkpoint.parameters)
    #expect(a.optimizer == b.optimizer)
    #expect(try whole.metrics() == parts.metrics())
    #expect(
      try Checkpoint(contentsOf: whole.directory.lastCheckpoint)
        == Checkpoint(contentsOf: parts.directory.lastCheckpoint).named(like: whole))
  }

  @Test func `what is judged and kept is what the optimizer settled on`() throws {
    var configuration = Stripes.configuration(epochs: 2)
    configuration.optimizer = try OptimizerChoice("adam:ema=0.9")
    let rehearsal = try Rehearsal(configuration)
    try rehearsal.train()
    let state = try rehearsal.state()
    let last = try Checkpoint(contentsOf: rehearsal.directory.lastCheckpoint)
    #expect(last.parameters.scalars == state.optimizer.memory.last)
    #expect(last.parameters != state.checkpoint.parameters)
    // Statistics of the average, not of the point that moves.
    #expect(last.statistics != state.checkpoint.statistics)
  }

  @Test func `statistics of an average are those of all images of an epoch, unmixed`() throws {
    var configuration = Stripes.augmented(epochs: 2)
    configuration.optimizer = try OptimizerChoice("adam:ema=0.9")
    let rehearsal = try Rehearsal(configuration)
    try rehearsal.train()
    let last = try Checkpoint(contentsOf: rehearsal.directory.lastCheckpoint)
    configuration.mixing = nil
    let source = BatchSource(configuration, data: rehearsal.data, workers: Workers(count: 2))
    let execution = try outside(rehearsal).execution
    var statistics = last.statistics
    var (count, batches) = (0, source.batches(ofEpoch: configuration.epochs - 1))
    while let batch = try batches.next(into: execution.input) {
      _ = execution.forward(
        count: batch.samples.count, parameters: last.parameters, statistics: &statistics,
        phase: .training(seed: 1), averaged: count)
      count += 1
    }
    #expect(count > 1)
    #expect(statistics == last.statistics)
  }

  @Test func `a second gradient leaves the running statistics to the first`() throws {
    var (plain, sharp) = (Stripes.configuration(epochs: 1), Stripes.configuration(epochs: 1))
    (plain.optimizer, sharp.optimizer) = (.sgd, try OptimizerChoice("sgd:sam=0.05"))
    (plain.warmup, sharp.warmup) = (0, 0)
    let (a, b) = (try Rehearsal(plain), try Rehearsal(sharp))
    try a.train(stopAfter: 1)
    try b.train(stopAfter: 1)
    #expect(try a.state().checkpoint.statistics == b.state().checkpoint.statistics)
    #expect(try a.state().checkpoint.parameters != b.state().checkpoint.parameters)
  }

  @Test(arguments: OptimizerChoice.all)
  func `the steps of a run are those its optimizer takes on its batches`(
    choice: OptimizerChoice
  ) throws {
    var configuration = Stripes.configuration(epochs: 1)
    configuration.warmup = 0
    configuration.schedule = .constant
    configuration.optimizer = choice
    configuration.learningRate = 0.01
    let run = try Rehearsal(configuration)
    try run.train(stopAfter: 2)
    // The same steps, taken from outside.
    let (source, execution) = try outside(run)
    let layout = execution.network.parameterLayout
    let step = TrainingStep(
      layout: layout, objective: SoftmaxCrossEntropy(),
      optimizer: choice.makeOptimizer(layout: layout), workers: Workers(count: 2))
    let start = execution.network.initialValues(
      seed: SeededGenerator.derivedSeed(configuration.seed, 1))
    var state = ModelState(
      parameters: start.parameters, statistics: start.statistics,
      optimizer: step.optimizer.makeState(parameterCount: layout.count))
    var batches = source.batches(ofEpoch: 0)
    var rows: [StepRecord] = []
    for number in 0..<2 {
      let batch = try #require(try batches.next(into: execution.input))
      let images = NetworkBatch(
        execution, count: batch.samples.count,
        dropoutSeed: SeededGenerator.derivedSeed(configuration.seed, 4, UInt64(number)))
      let outcome = try step.take(
        images, targets: batch.targets, learningRate: 0.01, state: &state)
      rows.append(
        StepRecord(
          step: number + 1, epoch: 1, loss: outcome.loss, learningRate: Double(Float(0.01)),
          gradientNorm: outcome.gradientNorm))
    }
    let reached = try run.state()
    #expect(reached.checkpoint.parameters == state.parameters)
    #expect(reached.checkpoint.statistics == state.statistics)
    #expect(reached.optimizer == state.optimizer)
    #expect(try run.steps() == rows)
  }

  /// The batches of a run, and memory to train its network in.
  private func outside(_ run: Rehearsal) throws -> (source: BatchSource, execution: Execution) {
    let workers = Workers(count: 2)
    let source = BatchSource(run.configuration, data: run.data, workers: workers)
    let execution = Execution(
      network: try run.configuration.makeNetwork(classCount: 2), batchSize: source.batchSize,
      workers: workers, trains: true)
    return (source, execution)
  }
}

extension Checkpoint {
  /// The same network as if it came from another run.
  fileprivate func named(like rehearsal: Rehearsal) -> Checkpoint {
    var checkpoint = self
    checkpoint.description.run = rehearsal.directory.name
    return checkpoint
  }
}

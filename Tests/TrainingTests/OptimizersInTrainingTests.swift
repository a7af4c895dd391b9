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
    #expect(last.statistics.scalars.allSatisfy { $0.isFinite })
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
  func `the step of a run is the step of a marble`(choice: OptimizerChoice) throws {
    // The first step of a run, taken again from outside with the gradient that a plain step shows.
    var configuration = Stripes.configuration(epochs: 1)
    configuration.warmup = 0
    configuration.schedule = .constant
    configuration.optimizer = choice
    configuration.learningRate = 0.01
    var plain = configuration
    plain.optimizer = .sgd
    plain.learningRate = 1
    let (run, probe) = (try Rehearsal(configuration), try Rehearsal(plain))
    try run.train(stopAfter: 1)
    try probe.train(stopAfter: 1)
    let start = try Network(
      Architecture(configuration.architecture), imageSize: configuration.imageSize,
      classCount: 2
    )
    .initialValues(seed: SeededGenerator.derivedSeed(configuration.seed, 1)).parameters
    let slope = zip(start.scalars, try probe.state().checkpoint.parameters.scalars).map { $0 - $1 }
    let optimizer = choice.makeOptimizer(layout: start.layout)
    var vector = start.scalars
    var state = optimizer.makeState(parameterCount: vector.count)
    optimizer.step(
      &vector, gradients: slope, learningRate: 0.01, state: &state,
      workers: Workers(count: 2))
    // The probe's θ − (θ − g) has g without its last digits; signs of almost nothing may differ.
    let reached = try run.state().checkpoint.parameters.scalars
    let wrong = zip(vector, reached).count { abs($0 - $1) > 2e-4 }
    #expect(wrong * 50 <= vector.count, "\(wrong) of \(vector.count) numbers differ")
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

import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// Gradient descent that turns around after twelve steps and climbs.
private struct TurningDescent: Optimizer {
  let memoryNames: [String] = []

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let rate = state.stepCount > 12 ? -learningRate : learningRate
    for index in parameters.indices { parameters[index] -= rate * gradients[index] }
  }
}

@Suite struct BestNetworkTests {
  /// Two epochs of six steps down, and two up.
  private func rehearsal() throws -> Rehearsal {
    let catalogue = OptimizerCatalogue.standard.adding(
      OptimizerEntry("turning", "down, then up", .gradientDescent, .slope, usualRate: 0.1) { _ in
        TurningDescent()
      })
    var configuration = Stripes.configuration(epochs: 4)
    // Running statistics would lag behind.
    configuration.architecture = "conv 6 3x3, relu, global-pool, flatten, dense"
    configuration.augmentation = .none
    configuration.schedule = .constant
    configuration.warmup = 0
    configuration.optimizer = try OptimizerChoice("turning", in: catalogue)
    configuration.learningRate = 0.1
    var rehearsal = try Rehearsal(configuration)
    rehearsal.catalogues.optimizers = catalogue
    return rehearsal
  }

  @Test func `a network that gets worse again is kept and tested where it was best`() throws {
    let rehearsal = try rehearsal()
    let result = try #require(rehearsal.train().result)
    let losses = try rehearsal.metrics().map { try #require($0.validationLoss) }
    try #require(losses.indices.min { losses[$0] < losses[$1] } == 2)
    #expect(result.bestEpoch == 2 && result.validationLoss == losses[2])
    let best = try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint)
    #expect(best.description.epoch == 2 && best.description.validationLoss == losses[2])
    #expect(try result.testLoss == rehearsal.loss(of: best, on: rehearsal.data.test))
    #expect(try rehearsal.loss(of: best, on: rehearsal.data.validation) == losses[2])
  }

  /// The clock of a budgeted run that takes 24 steps.
  private let readings = ClockReading(values: [0, 0, 0, 1.0 / 24]).map { [$0] } ?? []

  @Test(arguments: [nil, 9, 20])
  func `a budgeted run keeps and tests its last network, whatever its loss`(
    stopAfter: Int?
  ) throws {
    var rehearsal = try rehearsal()
    rehearsal.configuration.budget = 1000
    rehearsal.record.configuration.budget = 1000
    try #require(readings.count == 1)
    var record = try rehearsal.train(stopAfter: stopAfter, readings: readings)
    if stopAfter != nil {
      record = try rehearsal.train(resuming: rehearsal.resumePoint(), readings: readings)
    }
    let result = try #require(record.result)
    let losses = try rehearsal.metrics().map { try #require($0.validationLoss) }
    try #require(losses.count == 5 && losses.indices.min { losses[$0] < losses[$1] } == 2)
    #expect(result.bestEpoch == 4 && result.validationLoss == losses[4])
    let best = try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint)
    #expect(best.description.epoch == 4)
    #expect(try result.testLoss == rehearsal.loss(of: best, on: rehearsal.data.test))
  }

  @Test func `with patience, the loss chooses the network of a budgeted run`() throws {
    var rehearsal = try rehearsal()
    rehearsal.configuration.budget = 1000
    rehearsal.configuration.patience = 10
    rehearsal.record.configuration = rehearsal.configuration
    #expect(try rehearsal.train(readings: readings).result?.bestEpoch == 2)
  }

  @Test func `a resumed run still knows its best network`() throws {
    let rehearsal = try rehearsal()
    try rehearsal.train(stopAfter: 20)
    let record = try rehearsal.train(resuming: rehearsal.resumePoint())
    #expect(record.result?.bestEpoch == 2)
    #expect(
      try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint).description.epoch == 2)
  }
}

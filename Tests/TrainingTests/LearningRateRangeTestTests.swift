import ConvNet
import Foundation
import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// The steps of a range test, on images.
@Suite struct LearningRateRangeTestTests {
  private func curve(
    _ configuration: TrainingConfiguration = Stripes.configuration(), steps: Int = 60,
    threads: Int = 2, data: TrainingData? = nil
  ) throws -> LearningRateCurve {
    try LearningRateRangeTest(for: configuration.optimizer, steps: steps).run(
      configuration, data: data ?? TrainingData(Stripes.load(120)),
      workers: Workers(count: threads))
  }

  @Test func `the same seed gives the same curve, whatever the number of threads`() throws {
    var configuration = Stripes.augmented()
    let one = try curve(configuration, threads: 1)
    #expect(try curve(configuration, threads: 3) == one)
    configuration.seed = 2
    #expect(try curve(configuration) != one)
  }

  @Test func `the first losses are those a run begins with`() throws {
    var configuration = Stripes.augmented(epochs: 1)
    configuration.schedule = .constant
    configuration.warmup = 0
    let test = LearningRateRangeTest(for: configuration.optimizer)
    configuration.learningRate = test.lowest
    let run = try Rehearsal(configuration)
    try run.train(stopAfter: 2)
    // The rate of the first step is that of the run; that of the second comes after its loss.
    let losses = try run.steps().map(\.loss)
    #expect(try Array(curve(configuration, data: run.data).losses.prefix(2)) == losses)
  }

  @Test func `a run after a test is the run without it`() throws {
    let data = try TrainingData(Stripes.load(120))
    func weights(testing: Bool) throws -> [Float] {
      let configuration = Stripes.augmented(epochs: 1)
      let trainer = try Trainer(
        configuration: configuration, data: data, workers: Workers(count: 2))
      if testing { _ = try curve(configuration, data: data) }
      return try trainer.run().last.parameters.scalars
    }
    #expect(try weights(testing: true) == weights(testing: false))
  }

  @Test func `progress is told after every step`() throws {
    var told: [Int] = []
    let curve = try LearningRateRangeTest(lowest: 1e-6, highest: 1e-4, steps: 30).run(
      Stripes.configuration(), data: TrainingData(Stripes.load(40)), workers: Workers(count: 1)
    ) { told.append($0) }
    #expect(told == Array(1...30))
    #expect(curve.end == .complete && curve.losses.count == 30)
  }

  @Test(
    arguments: OptimizerChoice.all.map(\.description) + [
      "adam:ema=0.9", "sgd:swa=3", "momentum:sam=0.05", "adam:lookahead=4", "sgd:clip-norm=1",
    ])
  func `every optimizer that follows its rate gets a rate or a reason`(text: String) throws {
    var configuration = Stripes.configuration()
    configuration.optimizer = try OptimizerChoice(text)
    guard configuration.optimizer.entry.followsRate else {
      #expect(text == "rprop")
      return
    }
    let curve = try curve(configuration)
    #expect(curve.end != nil)
    do {
      let found = try curve.suggestion()
      #expect(found.rate > curve.test.lowest && found.rate < curve.test.highest)
    } catch {
      #expect(!error.fault.isEmpty && !error.remedy.isEmpty)
    }
  }

  @Test func `the rate that is found trains`() throws {
    var configuration = Stripes.configuration(epochs: 4)
    configuration.learningRate = try curve(configuration, steps: 100).suggestion().rate
    let outcome = try Trainer(
      configuration: configuration, data: TrainingData(Stripes.load(120)),
      workers: Workers(count: 2)
    ).run()
    #expect(outcome.result?.testAccuracy ?? 0 > 0.8)
  }

  @Test func `an optimizer that ignores later rates says so`() {
    let choices = OptimizerChoice.all.filter { !$0.entry.followsRate }
    #expect(choices.map(\.name) == ["rprop"])
  }

  /// Whether the second of two steps depends on its rate.
  @Test(arguments: OptimizerChoice.all)
  func `an optimizer follows its rate in every step if it says so`(choice: OptimizerChoice) {
    func parameters(secondRate: Float) -> [Float] {
      let optimizer = choice.makeOptimizer(
        layout: ParameterLayout([ParameterSlot(name: "0.weight", shape: [2, 2])]))
      var parameters: [Float] = [1, -2, 3, 0.5]
      var state = optimizer.makeState(parameterCount: 4)
      for rate in [Float(0.01), secondRate] {
        optimizer.step(
          &parameters, gradients: [0.1, 0.2, -0.3, 0.4], learningRate: rate, state: &state,
          workers: Workers(count: 1))
      }
      return parameters
    }
    #expect((parameters(secondRate: 0.01) != parameters(secondRate: 1)) == choice.entry.followsRate)
  }
}

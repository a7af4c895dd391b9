import Foundation
import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// Gradient descent that spoils its parameters in step 9 if the rate is above 0.02.
private struct BrittleDescent: Optimizer {
  let memoryNames: [String] = []

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let factor: Float = state.stepCount == 9 && learningRate > 0.02 ? 1e30 : 1
    for index in parameters.indices {
      parameters[index] = (parameters[index] - learningRate * gradients[index]) * factor
    }
  }
}

/// A run that is to goes back when it diverges, and its rate is lower from there on.
@Suite struct RetryTests {
  /// Four epochs of 6 steps; step 10 diverges at a rate of 0.1 and at one of 0.03.
  private func retrying() throws -> Rehearsal {
    let catalogue = OptimizerCatalogue.standard.adding(
      OptimizerEntry("brittle", "down, or away", .gradientDescent, .slope, usualRate: 0.1) { _ in
        BrittleDescent()
      })
    var configuration = Stripes.configuration(epochs: 4)
    configuration.optimizer = try OptimizerChoice("brittle", in: catalogue)
    configuration.learningRate = 0.1
    configuration.warmup = 0
    configuration.schedule = .constant
    configuration.onDivergence = .retry
    var rehearsal = try Rehearsal(configuration)
    rehearsal.catalogues.optimizers = catalogue
    return rehearsal
  }

  /// Ends a run when the state of a step is saved for the `count`th time.
  private final class Killer: TrainingObserver {
    struct Killed: Error {}
    let step: Int
    var count: Int

    init(step: Int, count: Int = 1) { (self.step, self.count) = (step, count) }

    func observe(_ event: TrainingEvent) throws {
      guard case .resumable(let state, _) = event, state.progress.step == step else { return }
      count -= 1
      if count == 0 { throw Killed() }
    }
  }

  @Test func `a run that retries goes back to the last epoch and lowers its rate`() throws {
    let rehearsal = try retrying()
    #expect(try rehearsal.train().status == .finished)
    #expect(try rehearsal.state().progress.retries == 2)
    let steps = try rehearsal.steps()
    #expect(steps.map(\.step) == Array(1...24))
    let rates = steps.map { Float($0.learningRate) }
    #expect(rates[..<6].allSatisfy { $0 == 0.1 })
    #expect(rates[6...].allSatisfy { abs($0 - 0.009) < 1e-8 })
    #expect(try rehearsal.metrics().map(\.epoch) == [0, 1, 2, 3, 4])
    let event = try #require(try rehearsal.event("retry"))
    #expect(event["retry"] as? Int == 2 && event["from_step"] as? Int == 6)
    #expect((event["divergence"] as? [String: Any])?["step"] as? Int == 10)
  }

  @Test(arguments: [7, 9, 10, 12], [1, 2, 3])
  func `a run that retries and is killed ends in the same bytes`(step: Int, count: Int) throws {
    let whole = try retrying()
    try whole.train()
    let killed = try retrying()
    let killer = Killer(step: step, count: count)
    do {
      try killed.train(observers: [killer], saving: .every(.zero))
    } catch TrainingError.observer {
      try killed.train(threads: 1, resuming: killed.resumePoint(), saving: .every(.zero))
    }
    #expect(try killed.metrics() == whole.metrics())
    #expect(try killed.steps() == whole.steps())
    #expect(try killed.state().checkpoint.parameters == whole.state().checkpoint.parameters)
    #expect(try killed.state().progress.retries == whole.state().progress.retries)
    #expect(try killed.resumePoint().best?.parameters == whole.resumePoint().best?.parameters)
  }

  @Test func `a run retries at most three times`() throws {
    var rehearsal = try retrying()
    rehearsal.configuration.learningRate = 10
    let error = try #require(throws: TrainingError.self) { try rehearsal.train() }
    guard case .diverged(let divergence) = error else { throw error }
    #expect(try rehearsal.state().progress.retries == 3)
    // It diverged at 10, 3, 0.9 and 0.27; a tenth of that still does.
    #expect(divergence.trials.map(\.learningRate) == [0.027, 0.0027])
    #expect(divergence.trials.map(\.isStable) == [false, true])
    #expect(try rehearsal.event("divergence") != nil)
  }

  @Test func `a diverged run can be resumed with retries`() throws {
    var rehearsal = try retrying()
    rehearsal.configuration.onDivergence = nil
    rehearsal.record.configuration.onDivergence = nil
    #expect(throws: TrainingError.self) { try rehearsal.train() }
    #expect(!FileManager.default.fileExists(atPath: rehearsal.directory.returnState))
    rehearsal.configuration.onDivergence = .retry
    rehearsal.record.configuration.onDivergence = .retry
    #expect(try rehearsal.train(resuming: rehearsal.resumePoint()).status == .finished)
  }
}

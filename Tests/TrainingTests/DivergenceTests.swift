import Foundation
import ImageLoading
import Optimization
import TestSupport
import Testing
import Training

/// Where training diverged is named, and what helps was tried.
@Suite struct DivergenceTests {
  private func configuration(_ rate: Float, epochs: Int = 3) throws -> TrainingConfiguration {
    var configuration = Stripes.configuration(epochs: epochs)
    // Without normalization, which would make the loss a function of the weights' direction alone.
    configuration.architecture = "conv 6 3x3, relu, conv 8 3x3, relu, global-pool, flatten, dense"
    configuration.augmentation = .none
    configuration.optimizer = try OptimizerChoice("sgd")
    configuration.learningRate = rate
    configuration.warmup = 0
    configuration.schedule = .constant
    return configuration
  }

  private func divergence(_ rehearsal: Rehearsal) throws -> Divergence {
    let error = try #require(throws: TrainingError.self) { try rehearsal.train() }
    guard case .diverged(let divergence) = error else { throw error }
    return divergence
  }

  private func formula(_ objective: String) throws -> Divergence {
    var configuration = try configuration(50, epochs: 30)
    configuration.architecture = "flatten, dense"
    configuration.objective = try ObjectiveChoice(objective)
    return try divergence(Rehearsal(configuration, count: 40))
  }

  @Test func `a formula whose derivative is not a number is named with its place`() throws {
    let divergence = try formula("expr:sqrt((y-p)^2)")
    #expect(divergence.loss?.isFinite == true)
    let text = divergence.description
    #expect(text.contains("the gradient became nan"), "\(text)")
    #expect(text.contains("derivative with respect to p is "), "\(text)")
    #expect(divergence.place == "the gradient of layer 1 (dense)")
  }

  @Test func `a formula that is not a number is named without a sign`() throws {
    let divergence = try formula("expr:sqrt(0.4-p)")
    let text = divergence.description
    #expect(text.contains("the loss became nan: the formula is nan at y = "), "\(text)")
    #expect(!text.contains("-nan"))
  }

  @Test func `where no lower rate helps, none is suggested`() throws {
    let divergence = try formula("expr:sqrt(0.4-p)")
    #expect(divergence.trials.map(\.learningRate) == [5])
    #expect(divergence.trials.map(\.isStable) == [false])
    #expect(
      divergence.description.contains(
        "the rate is not the reason, as the step after step 0 fails at every rate; look at"))
  }

  @Test func `the layer whose output is first not finite is named`() throws {
    var configuration = try configuration(1e30)
    configuration.architecture = "conv 4 3x3, relu, pool 2, conv 4 3x3, global-pool, flatten, dense"
    let divergence = try divergence(Rehearsal(configuration, count: 40))
    // The step before has made the weights so large that the second convolution overflows.
    #expect(divergence.place == "the output of layer 3 (conv 4 3x3)")
    #expect(divergence.step == 2)
  }

  @Test func `what is suggested stays finite in a run of its own, and higher rates do not`() throws
  {
    var configuration = try configuration(1e4, epochs: 6)
    let divergence = try divergence(Rehearsal(configuration))
    let found = try #require(divergence.trials.last)
    #expect(found.isStable && found.steps > 30 && found.lastLoss.isFinite)
    let trials = divergence.trials.filter { $0.start == 0 }
    #expect([1000, 100, 10, 0.1].starts(with: trials.map(\.learningRate)))
    #expect(divergence.description.contains("stays finite: \(found.steps) steps after step 0, "))
    for trial in trials {
      configuration.learningRate = trial.learningRate
      let rehearsal = try Rehearsal(configuration)
      if trial.isStable {
        try rehearsal.train()
        let losses = try rehearsal.steps().map(\.loss)
        #expect(losses.first == trial.firstLoss)
      } else {
        _ = try? rehearsal.train()
        let losses = try rehearsal.steps().map(\.loss).prefix(trial.steps)
        #expect(losses.suffix(10).reduce(0, +) / 10 > 2 * losses[0])
      }
    }
  }

  @Test func `norms and images of a diverged step are in the message, in full in the events`()
    throws
  {
    let rehearsal = try Rehearsal(configuration(1e4))
    let divergence = try divergence(rehearsal)
    #expect(divergence.gradientNorms == (try rehearsal.steps().map(\.gradientNorm)))
    try #require([8, 16].contains(divergence.files.count))
    let text = divergence.description
    #expect(
      text.contains("\(divergence.files[2]) and \(divergence.files.count - 3) more; "), "\(text)")
    let count = divergence.gradientNorms.count
    #expect(
      text.contains(try Regex("norms of the last \(count) steps [▁-█]{\(count)}, ")), "\(text)")
    let event = try #require(try rehearsal.event("divergence"))
    #expect(event["files"] as? [String] == divergence.files)
    #expect((event["gradient_norms"] as? [Double])?.count == count)
    #expect(event["step"] as? Int == divergence.step)
    let recorded = try RunRecord(contentsOf: rehearsal.directory).divergence
    #expect(recorded?.description == text)
  }

  @Test func `only the last fifty norms are shown`() throws {
    var configuration = try configuration(1e-3, epochs: 12)
    configuration.schedule = try ScheduleChoice("expr:peak*1e12^(t>0.9)")
    let rehearsal = try Rehearsal(configuration)
    let divergence = try divergence(rehearsal)
    try #require(divergence.step > 60)
    #expect(divergence.gradientNorms == (try rehearsal.steps().suffix(50).map(\.gradientNorm)))
  }

  @Test func `a state that could not be resumed is not saved`() throws {
    // The only step of the epoch makes the weights infinite, and nothing is evaluated after it.
    var configuration = try configuration(.greatestFiniteMagnitude)
    configuration.validationSplit = 0
    configuration.batchSize = 64
    configuration.objective = try ObjectiveChoice("expr:100 * (y-p)^2")
    let rehearsal = try Rehearsal(configuration, count: 40)
    let divergence = try divergence(rehearsal)
    #expect(divergence.step == 1 && divergence.quantity == "weights")
    #expect(divergence.place?.hasPrefix("the parameters of layer") == true)
    #expect(try rehearsal.state().progress.step == 0)
  }
}

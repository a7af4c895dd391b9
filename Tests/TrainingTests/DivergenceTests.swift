import Optimization
import Testing
import Training

@Suite struct DivergenceTests {
  private func divergence(_ objective: String) throws -> Divergence {
    var configuration = Stripes.configuration(epochs: 30)
    configuration.augmentation = .none
    configuration.optimizer = try OptimizerChoice("sgd")
    configuration.learningRate = 50
    configuration.warmup = 0
    configuration.schedule = .constant
    configuration.architecture = "flatten, dense"
    configuration.objective = try ObjectiveChoice(objective)
    let error = try #require(throws: TrainingError.self) {
      try Rehearsal(configuration, count: 40).train()
    }
    guard case .diverged(let divergence) = error else {
      throw error
    }
    return divergence
  }

  @Test func `a formula whose derivative is not a number is named with its place`() throws {
    let divergence = try divergence("expr:sqrt((y-p)^2)")
    #expect(divergence.loss.isFinite)
    let text = divergence.description
    #expect(text.contains("the gradient became nan"), "\(text)")
    #expect(text.contains("derivative with respect to p is "), "\(text)")
  }

  @Test func `a formula that is not a number is named without a sign`() throws {
    let text = try divergence("expr:sqrt(0.4-p)").description
    #expect(text.contains("the loss became nan: the formula is nan at y = "), "\(text)")
    #expect(!text.contains("-nan"))
  }
}

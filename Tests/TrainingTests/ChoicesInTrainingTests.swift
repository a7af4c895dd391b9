import ConvNet
import Foundation
import ImageLoading
import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// The 24 sketches that come with the project, small.
private let sketches = Result {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data/sketches").path(percentEncoded: false)
  return try DatasetLoader(workers: Workers(count: 2)).load(
    DatasetLister.list(folder), geometry: ImageGeometry(imageSize: 32, fit: .crop))
}

private let objectives =
  ObjectiveCatalogue.standard.allNames + [
    "cross-entropy:weights=1/3", "mse:probabilities=true", "expr:huber(y-p, 0.5) + 0.1*abs(p)",
  ]

private let schedules =
  ScheduleCatalogue.standard.allNames + ["cosine:cycles=2", "expr:peak*(1-t)^2 + 1e-4*epoch"]

@Suite struct ChoicesInTrainingTests {
  private func kitten() -> TrainingConfiguration {
    var configuration = TrainingConfiguration(
      data: "sketches", model: "kitten", architecture: NamedModel.kitten.architectureText,
      imageSize: 32, optimizer: .adam)
    configuration.batchSize = 8
    configuration.epochs = 2
    return configuration
  }

  /// Trains a few steps and returns their rates.
  private func train(_ configuration: TrainingConfiguration) throws -> [Double] {
    let rehearsal = try Rehearsal(configuration, images: sketches.get())
    #expect(try rehearsal.train().status == .finished)
    let steps = try rehearsal.steps()
    #expect(steps.count == 6)
    #expect(steps.allSatisfy { $0.loss.isFinite && $0.gradientNorm.isFinite })
    #expect(try rehearsal.metrics().allSatisfy { $0.validationLoss?.isFinite == true })
    let record = try RunRecord(contentsOf: rehearsal.directory)
    #expect(record.configuration == configuration)
    let state = try rehearsal.state().checkpoint
    #expect(state.description.objective == configuration.objective)
    #expect(state.parameters.scalars.allSatisfy { $0.isFinite })
    return steps.map(\.learningRate)
  }

  @Test(arguments: objectives)
  func `kitten takes steps under every objective`(text: String) throws {
    var configuration = kitten()
    configuration.objective = try ObjectiveChoice(text)
    configuration.labelSmoothing = 0.1
    _ = try train(configuration)
  }

  @Test(arguments: schedules)
  func `kitten takes steps under every schedule`(text: String) throws {
    var configuration = kitten()
    configuration.schedule = try ScheduleChoice(text)
    configuration.warmup = configuration.schedule.defaultWarmup
    let rates = try train(configuration)
    let schedule = try LearningRateSchedule(
      configuration.schedule, peak: configuration.learningRate,
      warmupSteps: Int((configuration.warmup * 3).rounded()), totalSteps: 6, stepsPerEpoch: 3)
    guard !text.hasPrefix("plateau") else { return }
    #expect(rates == (0..<6).map { Double(schedule.learningRate(atStep: $0)) })
  }

  @Test(arguments: objectives)
  func `stripes are learned under every objective`(text: String) throws {
    var configuration = Stripes.configuration(epochs: 6)
    configuration.augmentation = .none
    configuration.objective = try ObjectiveChoice(text)
    let record = try Rehearsal(configuration, count: 240).train()
    #expect(try #require(record.result?.testAccuracy) > 0.9)
  }

  @Test(arguments: [
    ("plateau:patience=0,threshold=0.05,factor=0.5", "mse"), ("cosine:cycles=2", "focal"),
    ("expr:peak*(1-t)", "expr:(y-p)^2 + 0.01*z^2"), ("one-cycle", "cross-entropy:weights=1/2"),
  ])
  func `a stop within an epoch changes no bit, whatever was chosen`(
    schedule: String, objective: String
  ) throws {
    var configuration = Stripes.augmented(epochs: 5)
    configuration.schedule = try ScheduleChoice(schedule)
    configuration.objective = try ObjectiveChoice(objective)
    let whole = try Rehearsal(configuration)
    try whole.train()
    let parts = try Rehearsal(configuration)
    try parts.train(stopAfter: 20)
    try parts.train(stopAfter: 5, resuming: parts.resumePoint())
    try parts.train(resuming: parts.resumePoint())
    #expect(try whole.state().checkpoint.parameters == parts.state().checkpoint.parameters)
    #expect(try whole.state().progress.plateau == parts.state().progress.plateau)
    let steps = try [whole, parts].map { try $0.steps() }
    #expect(steps[0] == steps[1])
    // After the warm-up, so that a plateau has dropped at least once.
    #expect(Set(steps[0].suffix(20).map(\.learningRate)).count > 1)
  }

  @Test func `the loss that is validated is that of the objective without smoothing`() throws {
    var configuration = Stripes.configuration(epochs: 1)
    configuration.objective = try ObjectiveChoice("brier")
    configuration.labelSmoothing = 0.3
    let rehearsal = try Rehearsal(configuration)
    try rehearsal.train()
    // A network that knows nothing gives each class about one half: (1/2)² + (1/2)².
    let untrained = try #require(try rehearsal.metrics().first)
    #expect(abs(try #require(untrained.validationLoss) - 0.5) < 0.1)
    // What is trained is smoothed: from 0.85 and 0.15 one half is 0.35 away, twice.
    #expect(abs(try #require(rehearsal.steps().first).loss - 0.245) < 0.1)
  }

  @Test func `a plateau is that of the validation losses`() throws {
    var configuration = Stripes.augmented(epochs: 4)
    configuration.schedule = try ScheduleChoice("plateau:patience=0")
    let rehearsal = try Rehearsal(configuration)
    try rehearsal.train()
    let schedule = try configuration.makeSchedule(trainingCount: rehearsal.data.training.count)
    var plateau = PlateauState()
    for row in try rehearsal.metrics().dropFirst() {
      schedule.note(try #require(row.validationLoss), in: &plateau)
    }
    #expect(try rehearsal.state().progress.plateau == plateau)
  }

  @Test func `weights for other classes than there are end before the first step`() throws {
    var configuration = Stripes.configuration()
    configuration.objective = try ObjectiveChoice("cross-entropy:weights=1/2/3")
    let rehearsal = try Rehearsal(configuration)
    #expect(throws: ChoiceError.self) { try rehearsal.train() }
  }
}

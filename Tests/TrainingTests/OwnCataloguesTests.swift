// As another package would: nothing but public declarations.
import ConvNet
import Foundation
import ImageLoading
import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// A learned factor: y = w x.
private struct Gain: Layer {
  static let entry = LayerEntry("gain", "a learned factor", learns: true) { _ in Gain() }

  var text: String { "gain" }

  func outputShape(for input: Shape) -> Shape { input }

  func parameters(for input: Shape) -> [ParameterSlot] {
    [ParameterSlot(name: "factor", shape: [1])]
  }

  func initialValue(of slot: ParameterSlot, using generator: inout SeededGenerator) -> [Float] {
    [2]
  }

  func compileForTraining(_ context: CompileContext) -> any TrainingOperation { Operation() }

  struct Operation: TrainingOperation {
    func forward(_ pass: ForwardPass) {
      pass.forEachImage { input, output in
        for index in 0..<input.count { output[index] = pass.parameters[0][0] * input[index] }
      }
    }

    func backward(_ pass: BackwardPass) {
      let (input, outputGradient) = (pass.forward.input, pass.outputGradient)
      pass.parameterGradients[0].fill(0)
      for index in 0..<input.count {
        pass.parameterGradients[0][0] += input[index] * outputGradient[index]
      }
      pass.forEachImage { _, _, outputGradient, inputGradient in
        for index in 0..<inputGradient.count {
          inputGradient[index] = pass.forward.parameters[0][0] * outputGradient[index]
        }
      }
    }
  }
}

/// Descent along a sum of gradients, half of which is forgotten in every step.
private struct HalvingDescent: Optimizer {
  let memoryNames = ["sum"]

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    for index in parameters.indices {
      state.memory[0][index] = 0.5 * state.memory[0][index] + gradients[index]
      parameters[index] -= learningRate * state.memory[0][index]
    }
  }
}

/// The fourth power of the error of each logit.
private struct FourthPower: SampleObjective {
  func evaluate(logits: [Double], target: [Double]) -> (loss: Double, gradient: [Double]) {
    let errors = zip(logits, target).map { $0 - $1 }
    return (errors.reduce(0) { $0 + $1 * $1 * $1 * $1 }, errors.map { 4 * $0 * $0 * $0 })
  }
}

@Suite struct OwnCataloguesTests {
  private static let own: Catalogues = {
    var own = Catalogues.standard
    own.layers = own.layers.adding(Gain.entry)
    own.optimizers = own.optimizers.adding(
      OptimizerEntry("halving", "a short memory", .momentum, .slope, usualRate: 0.01) { _ in
        HalvingDescent()
      })
    own.objectives = own.objectives.adding(
      ObjectiveEntry("fourth", "the fourth power of the error") { _ in FourthPower() })
    own.schedules = own.schedules.adding(
      ScheduleEntry("steady", "half the peak", warmup: 0) { _ in { _ in 0.5 } })
    return own
  }()

  /// Two epochs of six steps with nothing but what is one's own.
  private func configuration() throws -> TrainingConfiguration {
    var configuration = Stripes.configuration(epochs: 2)
    configuration.architecture = "conv 4 3x3, gain, relu, global-pool, flatten, dense"
    configuration.optimizer = try OptimizerChoice("halving", in: Self.own.optimizers)
    configuration.learningRate = configuration.optimizer.trainingRate
    configuration.objective = try ObjectiveChoice("fourth", in: Self.own.objectives)
    configuration.schedule = try ScheduleChoice("steady", in: Self.own.schedules)
    return configuration
  }

  private func rehearsal(_ configuration: TrainingConfiguration) throws -> Rehearsal {
    var rehearsal = try Rehearsal(configuration)
    rehearsal.catalogues = Self.own
    return rehearsal
  }

  @Test func `a run of one's own is resumed from its files bit for bit`() throws {
    let (whole, parts) = (try rehearsal(configuration()), try rehearsal(configuration()))
    try whole.train()
    #expect(try parts.train(stopAfter: 8).status == .interrupted)
    // What goes on is what the record says, not what is still in memory.
    let record = try RunRecord(contentsOf: parts.directory, catalogues: Self.own)
    #expect(try record.configuration == configuration())
    var rest = parts
    rest.configuration = record.configuration
    try rest.train(resuming: rest.resumePoint())
    let (a, b) = (try whole.state(), try rest.state())
    #expect(a.checkpoint.parameters == b.checkpoint.parameters && a.optimizer == b.optimizer)
    #expect(try whole.metrics() == rest.metrics())
    #expect(a.optimizer.memory.count == 1 && a.optimizer.stepCount == 12)
    #expect(a.checkpoint.parameters.layout.slots.contains { $0.name == "1.factor" })
  }

  @Test func `a checkpoint of one's own is read, evaluated and used`() throws {
    let folder = try TemporaryFolder()
    let workers = Workers(count: 2)
    let data = try TrainingData(Stripes.load(60))
    let recorder = try RunRecorder.create(
      in: folder.path, name: "own", configuration: configuration(), data: data, workers: workers,
      catalogues: Self.own)
    let outcome = try Trainer(
      configuration: configuration(), data: data, workers: workers, recorder: recorder,
      catalogues: Self.own
    ).run()
    let read = try Checkpoint(
      contentsOf: recorder.directory.bestCheckpoint, catalogues: Self.own)
    #expect(read == outcome.best)
    #expect(recorder.record.parameterCount == read.parameters.scalars.count)
    let logits = try Evaluator(
      network: read.description.makeNetwork(catalogues: Self.own),
      normalization: read.description.normalization, workers: workers
    ).logits(
      of: data.loaded, indices: data.validation, parameters: read.parameters,
      statistics: read.statistics)
    let objective = try #require(read.description.objective).makeObjective(classCount: 2)
    let evaluation = Evaluation(
      logits: logits, targets: data.validation.map { data.loaded.images[$0].classIndex },
      classes: read.description.classes, objective: objective)
    #expect(evaluation.loss == read.description.validationLoss)
    #expect(
      try Classifier(read, workers: workers, catalogues: Self.own).classes == data.classNames)
  }

  @Test func `without one's own catalogues the message names what is unknown`() throws {
    let rehearsal = try rehearsal(configuration())
    try rehearsal.train(stopAfter: 1)
    let (directory, best) = (rehearsal.directory, rehearsal.directory.bestCheckpoint)
    func message(_ body: () throws -> Void) -> String {
      let error = #expect(throws: (any Error).self, performing: body)
      return error.map { "\($0)" } ?? ""
    }
    let record = message { _ = try RunRecord(contentsOf: directory) }
    #expect(record.contains("run.json") && record.contains("'halving' is not an optimizer"))
    let objective = message { _ = try Checkpoint(contentsOf: best) }
    #expect(objective.contains(best) && objective.contains("'fourth' is not an objective"))
    var some = Catalogues.standard
    some.objectives = Self.own.objectives
    let layer = message { _ = try Checkpoint(contentsOf: best, catalogues: some) }
    #expect(layer.contains(best) && layer.contains("no layer is called 'gain'"))
    some.optimizers = Self.own.optimizers
    let schedule = message { _ = try RunRecord(contentsOf: directory, catalogues: some) }
    #expect(schedule.contains("'steady' is not a schedule"))
    let trainer = message {
      _ = try Trainer(
        configuration: rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 1))
    }
    #expect(trainer.contains("no layer is called 'gain'"))
  }
}

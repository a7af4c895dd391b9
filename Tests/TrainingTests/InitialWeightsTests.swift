import ConvNet
import Tensors
import TestSupport
import Testing
import Training

@Suite struct InitialWeightsTests {
  /// The network of row 0 of a run that begins with these weights.
  func first(
    _ weights: InitialWeights, _ configuration: TrainingConfiguration = Stripes.configuration()
  ) throws -> Checkpoint {
    let rehearsal = try Rehearsal(configuration, count: 40)
    try rehearsal.train(stopAfter: 1, initialWeights: weights)
    return try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint)
  }

  @Test func `whitening changes the first layer that asks for it, and no other`() throws {
    var configuration = Stripes.configuration()
    configuration.architecture =
      "conv 8 3x3 initial whitening, relu, conv 4 3x3, global-pool, flatten, dense"
    configuration.learningRate = 1e-30
    let seeded = try first(.seeded, configuration).parameters
    let whitened = try first(.whitened, configuration).parameters
    let slots = seeded.layout.slots.indices
    let changed = slots.filter { seeded[slot: $0] != whitened[slot: $0] }
    #expect(changed.map { seeded.layout.slots[$0].name } == ["0.weight"])
  }

  @Test func `whitening looks at images in the order of the first epoch`() throws {
    var configuration = Stripes.configuration()
    configuration.architecture = "conv 8 3x3 initial whitening, global-pool, flatten, dense"
    // More than whitening looks at.
    let data = try TrainingData(Stripes.load(600))
    let filters = try [UInt64(1), 2].map { seed in
      configuration.seed = seed
      let outcome = try Trainer(
        configuration: configuration, data: data, workers: Workers(count: 2),
        stoppingRules: [StopRequest { true }]
      ).run()
      #expect(outcome.best.description.epoch == 0)
      return outcome.best.parameters[slot: 0]
    }
    #expect(filters[0] != filters[1])
  }

  @Test func `a run goes on from the weights of a checkpoint`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 4))
    let trained = try Trainer(
      configuration: rehearsal.configuration, data: rehearsal.data, workers: Workers(count: 2)
    ).run().best
    let next = try Rehearsal(Stripes.configuration(epochs: 1))
    try next.train(initialWeights: .checkpoint(trained))
    let row = try #require(try next.metrics().first)
    #expect(row.validationLoss == trained.description.validationLoss)
    let fresh = try Rehearsal(Stripes.configuration(epochs: 1))
    try fresh.train()
    #expect(try fresh.metrics().first != row)
  }

  @Test func `arrays named to be seeded are not taken from the checkpoint`() throws {
    let values = try first(.seeded)
    let head = values.parameters.layout.slots.suffix(2).map(\.name)
    var changed = values
    changed.parameters.scalars = changed.parameters.scalars.map { $0 + 1 }
    changed.statistics.scalars = changed.statistics.scalars.map { $0 + 1 }
    let mixed = try first(.checkpoint(changed, seeding: Set(head)))
    for index in values.parameters.layout.slots.indices {
      let isHead = head.contains(values.parameters.layout.slots[index].name)
      let expected = isHead ? values : changed
      #expect(mixed.parameters[slot: index] == expected.parameters[slot: index])
    }
    #expect(mixed.statistics == changed.statistics)
  }

  @Test func `an array that is missing or of another shape is named`() throws {
    let values = try first(.seeded)
    var arrays: [String: NamedArray] = [:]
    for vector in [values.parameters, values.statistics] {
      for (index, slot) in vector.layout.slots.enumerated() {
        arrays[slot.name] = NamedArray(shape: slot.shape, elements: vector[slot: index])
      }
    }
    let same = try first(.named(arrays))
    #expect(same.parameters == values.parameters && same.statistics == values.statistics)
    var missing = arrays
    missing["0.weight"] = nil
    #expect(throws: WeightsError.missing(name: "0.weight")) { try first(.named(missing)) }
    var wrong = arrays
    wrong["0.weight"] = NamedArray(shape: [6, 3, 1, 1], elements: [Float](repeating: 0, count: 18))
    #expect(
      throws: WeightsError.wrongShape(
        name: "0.weight", expected: [6, 3, 3, 3], actual: [6, 3, 1, 1])
    ) { try first(.named(wrong)) }
  }

  @Test func `weights of one's own are made for the network and the seed of the run`() throws {
    let zeros = InitialWeights { context in
      #expect(context.network.classCount == 2)
      #expect(context.seededValues().parameters.scalars.contains { $0 != 0 })
      return (ParameterVector(context.network.parameterLayout), context.seededValues().statistics)
    }
    #expect(try first(zeros).parameters.scalars.allSatisfy { $0 == 0 })
  }
}

import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// A training that is taken step by step is that of a trainer.
@Suite struct SteppedTrainingTests {
  /// Collects what a trainer does.
  private final class Witness: TrainingObserver {
    var losses: [Double] = [], model: Checkpoint?

    func observe(_ event: TrainingEvent) {
      if case .step(let record, _) = event { losses.append(record.loss) }
      if case .epoch(_, let model, _) = event { self.model = model }
    }
  }

  @Test(arguments: ["adam", "muon", "momentum:sam=0.05", "schedule-free:decay=0.1", "rprop"])
  func `its steps are those of a trainer to the last bit`(text: String) throws {
    var configuration = Stripes.augmented(epochs: 2)
    configuration.architecture =
      "conv 6 3x3 no-bias, pool 2, relu, dropout 0.1, conv 8 3x3, relu, global-pool, flatten, dense"
    configuration.optimizer = try OptimizerChoice(text)
    configuration.learningRate = configuration.optimizer.trainingRate
    configuration.schedule = .constant
    configuration.warmup = 0
    configuration.seed = 7
    let rehearsal = try Rehearsal(configuration)
    let witness = Witness()
    _ = try Trainer(
      configuration: configuration, data: rehearsal.data, workers: Workers(count: 2),
      observers: [witness], initialWeights: .seeded
    ).run()

    let network = try configuration.makeNetwork(classCount: 2)
    func training(from place: SteppedTraining.Place?) throws -> SteppedTraining {
      SteppedTraining(
        network, BatchSource(configuration, data: rehearsal.data, workers: Workers(count: 1)),
        objective: try configuration.makeObjective(classCount: 2),
        optimizer: configuration.optimizer.makeOptimizer(layout: network.parameterLayout),
        seed: configuration.seed, from: place, workers: Workers(count: 1))
    }
    var stepped = try training(from: nil)
    var losses: [Double] = []
    for step in 0..<witness.losses.count {
      // Left and taken up again in the middle of an epoch.
      if step == 4 { stepped = try training(from: stepped.place) }
      losses.append(try stepped.advance(learningRate: configuration.learningRate).loss)
    }
    #expect(losses.count > 8 && losses == witness.losses)
    #expect(stepped.evaluationParameters == witness.model?.parameters)
    #expect(stepped.epoch == 2)
  }

  @Test func `vectors come in the order in which a run takes images`() throws {
    var configuration = Stripes.configuration()
    configuration.seed = 5
    let data = try TrainingData(Stripes.load(40), validationSplit: 0, testSplit: 0, seed: 5)
    let source = BatchSource(configuration, data: data, workers: Workers(count: 1))
    let places = data.training.indices.map { [Float($0)] }
    let vectors = VectorSamples(
      places, labels: places.map { _ in 0 }, classCount: 1, batchSize: 16, seed: 5)
    #expect(vectors.stepsPerEpoch == source.stepsPerEpoch)
    let region = Arena(pieces: [16]).piece(16)
    for epoch in 0..<3 {
      var order: [Int] = []
      for step in 0..<vectors.stepsPerEpoch {
        let count = vectors.write(step: step, ofEpoch: epoch, into: region).count
        order += (0..<count).map { data.training[Int(region[$0])] }
      }
      #expect(order == source.order(ofEpoch: epoch))
    }
  }
}

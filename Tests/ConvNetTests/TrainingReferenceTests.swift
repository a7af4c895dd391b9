import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing
import Training

/// Losses of 50 training steps by PyTorch; made by Tools/reference/training.py.
struct TrainingReference: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let model: NamedModel
    let architecture: String
    let imageSize: Int, batch: Int, batches: Int
    let rate: Float, momentum: Float
    let losses: [Float], inferenceLoss: Float
    /// How far PyTorch is from itself in double precision.
    let rounding: Float
    var testDescription: String { "\(model) at \(imageSize)" }
  }
  let cases: [Case]

  static let loaded = Result { try fixture(TrainingReference.self, "training.json", in: .module) }
  static var cases: [Case] { (try? loaded.get().cases) ?? [] }
}

@Suite(.serialized) struct TrainingReferenceTests {
  @Test func `the reference is there`() throws {
    let cases = try TrainingReference.loaded.get().cases
    #expect(Set(cases.map(\.model)) == [.lecture, .tabby, .resnet9])
    #expect(cases.allSatisfy { $0.losses.count == 50 && $0.rounding < 5e-4 })
  }

  @Test(arguments: TrainingReference.cases)
  func `fifty steps follow PyTorch's losses`(reference: TrainingReference.Case) throws {
    try follow(reference, .float32, within: 1e-3)
  }

  @Test(arguments: TrainingReference.cases)
  func `fifty steps of bfloat16 follow those of float32`(
    reference: TrainingReference.Case
  ) throws {
    try follow(reference, .bfloat16, within: 0.02)
  }

  /// Takes the steps of a reference and compares the loss of each.
  func follow(
    _ reference: TrainingReference.Case, _ precision: Precision, within bound: Float
  ) throws {
    #expect(
      try Architecture(reference.model.architectureText).description
        .replacing("dropout 0.5, ", with: "") == reference.architecture)
    let network = try Network(
      Architecture(reference.architecture), imageSize: reference.imageSize, classCount: 2)
    var (parameters, statistics) = try hashedValues(of: network)
    let head = network.parameterLayout.slots.count - 2
    parameters[slot: head] = parameters[slot: head].map { 0.1 * $0 }
    let layout = network.parameterLayout
    let step = TrainingStep(
      layout: layout, objective: SoftmaxCrossEntropy(),
      optimizer: try OptimizerChoice("momentum:momentum=\(reference.momentum)")
        .makeOptimizer(layout: layout), workers: Workers(count: 2))
    var state = ModelState(
      parameters: parameters, statistics: statistics,
      optimizer: step.optimizer.makeState(parameterCount: layout.count))
    let shape = network.inputShape.batch(reference.batch)
    let execution = Execution(
      network: network, batchSize: reference.batch, workers: Workers(), trains: true,
      precision: precision)
    let batches = (0..<reference.batches).map {
      channelsLast(hashedNumbers(stream: 20_000 + $0, count: shape.count), shape)
    }
    let targets = Targets((0..<reference.batch).map { $0 % 2 }, classCount: 2)
    for (number, expected) in reference.losses.enumerated() {
      execution.input.copy(from: batches[number % reference.batches])
      let batch = NetworkBatch(execution, count: reference.batch, dropoutSeed: UInt64(number))
      let loss = try step.take(
        batch, targets: targets, learningRate: reference.rate, state: &state
      ).loss
      #expect(abs(Float(loss) - expected) < bound, "step \(number)")
    }
    // Running statistics have followed as well.
    execution.input.copy(from: batches[0])
    let logits = execution.forward(
      count: reference.batch, parameters: state.parameters, statistics: &state.statistics,
      phase: .inference)
    let loss = step.objective.evaluate(logits: logits, targets: targets).loss
    #expect(abs(loss - reference.inferenceLoss) < 2 * bound)
  }
}

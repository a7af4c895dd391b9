import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing

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
    #expect(
      try Architecture(reference.model.architectureText).description
        .replacing("dropout 0.5, ", with: "") == reference.architecture)
    let network = try Network(
      Architecture(reference.architecture), imageSize: reference.imageSize, classCount: 2)
    var (parameters, statistics) = try hashedValues(of: network)
    let head = network.parameterLayout.slots.count - 2
    parameters[slot: head] = parameters[slot: head].map { 0.1 * $0 }
    var gradients = ParameterVector(network.parameterLayout)
    let optimizer = try OptimizerChoice("momentum:momentum=\(reference.momentum)").makeOptimizer(
      layout: network.parameterLayout)
    var memory = optimizer.makeState(parameterCount: network.parameterLayout.count)
    let shape = network.inputShape.batch(reference.batch)
    let execution = Execution(
      network: network, batchSize: reference.batch, workers: Workers(), trains: true)
    let batches = (0..<reference.batches).map {
      channelsLast(hashedNumbers(stream: 20_000 + $0, count: shape.count), shape)
    }
    let targets = (0..<reference.batch).map { $0 % 2 }
    func loss(_ batch: Int, _ phase: Phase) -> (loss: Float, gradient: [Float]) {
      execution.input.copy(from: batches[batch])
      let logits = execution.forward(
        count: reference.batch, parameters: parameters, statistics: &statistics, phase: phase)
      return SoftmaxCrossEntropy().evaluate(logits: logits, targets: targets)
    }
    for (step, expected) in reference.losses.enumerated() {
      let phase = Phase.training(seed: UInt64(step))
      let (value, gradient) = loss(step % reference.batches, phase)
      #expect(abs(value - expected) < 1e-3, "step \(step)")
      execution.backward(
        logitGradient: gradient, parameters: parameters, statistics: &statistics,
        gradients: &gradients, phase: phase)
      optimizer.step(
        &parameters.scalars, gradients: gradients.scalars, learningRate: reference.rate,
        state: &memory, workers: Workers(count: 2))
    }
    // Running statistics have followed as well.
    #expect(abs(loss(0, .inference).loss - reference.inferenceLoss) < 2e-3)
  }
}

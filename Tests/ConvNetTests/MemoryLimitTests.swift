import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing

/// Passes in less memory compute some results twice, to the same bits.
@Suite struct MemoryLimitTests {
  static let batchSize = 6

  /// Layers of all kinds, with what they save and read in their own ways.
  static let texts = [
    "conv 16 3x3 no-bias, batchnorm, relu, conv 32 3x3 no-bias, batchnorm, relu, pool 2, "
      + "residual (conv 32 3x3, batchnorm, relu, conv 32 3x3, batchnorm, relu), "
      + "conv 48 3x3, batchnorm, relu, pool 2, global-max-pool, flatten, dense",
    "conv 24 2x2 stride 2, batchnorm, relu, conv 32 3x3, pool 2, batchnorm, relu, dropout 0.3, "
      + "depthwise, gelu, conv 16 groups 4, prelu, pool 3 stride 2 padding 1, flatten, dense 9, "
      + "tanh, dense",
    "conv 16 frozen, batchnorm frozen, relu, residual (batchnorm, relu, conv 16 3x3) "
      + "shortcut (conv 16 1x1, sigmoid), average-pool 2, conv 8 5x5, silu, pool 2, "
      + "residual (residual (batchnorm, leaky-relu, conv 8)), flatten, dense 16, relu, dense",
  ]

  static func network(_ text: String) throws -> Network {
    try Network(Architecture(text), imageSize: 20, classCount: 3)
  }

  static func bytes(_ network: Network, limit: Int? = nil) -> Int {
    network.executionBytes(
      batchSize: batchSize, workers: Workers(count: 2, memoryLimit: limit), trains: true)
  }

  /// The bits of two steps, the second of which uses what the first left.
  static func steps(_ network: Network, limit: Int?) -> [[Float]] {
    var (parameters, statistics) = network.initialValues(seed: 1)
    let execution = Execution(
      network: network, batchSize: batchSize, workers: Workers(count: 2, memoryLimit: limit),
      trains: true)
    var gradients = ParameterVector(network.parameterLayout)
    return (0..<2).flatMap { step in
      let count = batchSize - step
      execution.input.copy(
        from: hashedNumbers(stream: step, count: network.inputShape.count * count))
      let phase = Phase.training(seed: UInt64(step))
      let logits = execution.forward(
        count: count, parameters: parameters, statistics: &statistics, phase: phase)
      let (_, gradient) = SoftmaxCrossEntropy().evaluate(
        logits: logits, targets: (0..<count).map { $0 % network.classCount })
      execution.backward(
        logitGradient: gradient, parameters: parameters, statistics: &statistics,
        gradients: &gradients, phase: phase)
      for index in parameters.scalars.indices {
        parameters.scalars[index] -= 0.01 * gradients.scalars[index]
      }
      return [logits, gradients.scalars, statistics.scalars]
    }
  }

  @Test(arguments: texts, [0, 0.25, 0.5, 0.75])
  func `a step in less memory has the same bits`(text: String, part: Double) throws {
    let network = try Self.network(text)
    let (least, most) = (Self.bytes(network, limit: 0), Self.bytes(network))
    let limit = least + Int(Double(most - least) * part)
    #expect(Self.steps(network, limit: limit) == Self.steps(network, limit: nil))
  }

  @Test(arguments: texts + [NamedModel.resnet9.architectureText])
  func `every limit from the least possible on is kept`(text: String) throws {
    let network = try Self.network(text)
    let (least, most) = (Self.bytes(network, limit: 0), Self.bytes(network))
    #expect(least < most)
    for part in 0...8 {
      let limit = least + (most - least) * part / 8
      let bytes = Self.bytes(network, limit: limit)
      #expect(bytes <= limit && bytes >= least, "\(bytes) with a limit of \(limit)")
    }
    #expect(Self.bytes(network, limit: most) == most)
    #expect(Self.bytes(network, limit: least - 64) == least)
  }

  @Test func `what is computed again is what takes little work for its memory`() throws {
    let network = try Network(
      Architecture(NamedModel.resnet9.architectureText), imageSize: 64, classCount: 2)
    func execution(_ limit: Int?) -> Execution {
      Execution(
        network: network, batchSize: 8, workers: Workers(count: 2, memoryLimit: limit),
        trains: true)
    }
    let all = execution(nil)
    #expect(!all.keptMemory.contains { $0.isRepeated })
    // The output of the last normalization before a pooling is never stored as a whole.
    let most = network.executionBytes(batchSize: 8, workers: Workers(count: 2), trains: true)
    let some = execution(most * 9 / 10)
    let repeated = some.keptMemory.filter(\.isRepeated)
    #expect(!repeated.isEmpty)
    // The first convolution has three channels, and takes hardly more than the maps it writes.
    #expect(repeated.allSatisfy { !$0.operation.contains("winograd") }, "\(repeated)")
  }

  @Test func `maps that no backward pass reads are not kept`() throws {
    let network = try Self.network(
      "conv 8 3x3, relu, conv 8 3x3, average-pool 2, dropout 0.5, flatten, dense")
    let execution = Execution(
      network: network, batchSize: 2, workers: Workers(count: 1), trains: true)
    // The rectifier reads its output, as does the convolution after it; the mean reads nothing.
    let map = 2 * 20 * 20 * 8 * 4
    let outputs = execution.keptMemory.map(\.output)
    #expect(outputs == [0, map, 0, 0, 0, map / 4, outputs[6]])
  }

  @Test func `several processes have the bits of one in the least memory`() throws {
    let network = try Self.network(Self.texts[0])
    let alone = SharedBatchTests.step(network, count: 6)
    for limit in [nil, 0] {
      let steps = ThreadGroup.run(2) {
        SharedBatchTests.step(network, count: 6, processes: $0, memoryLimit: limit)
      }
      #expect(steps == [alone, alone])
    }
  }
}

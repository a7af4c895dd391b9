import ConvNet
import Optimization
import Synchronization
import Tensors
import TestSupport
import Testing

/// What a network computes of a batch does not depend on how many processes share it.
@Suite struct SharedBatchTests {
  /// The bits of a step.
  struct Step: Equatable, Sendable {
    var logits: [Float], gradients: [Float], statistics: [Float], inference: [Float]
  }

  static func step(
    _ network: Network, count: Int, processes: (any ProcessGroup)? = nil,
    _ convolution: ConvolutionAlgorithm = .automatic, memoryLimit: Int? = nil
  ) -> Step {
    var workers = Workers(count: 1, processes: processes)
    workers.memoryLimit = memoryLimit
    var (parameters, statistics) = network.initialValues(seed: 1)
    let images = hashedNumbers(stream: 2, count: network.inputShape.count * count)
    let training = Execution(
      network: network, batchSize: count + 3, workers: workers, trains: true,
      convolution: convolution)
    training.input.copy(from: images)
    let phase = Phase.training(seed: 4)
    let logits = training.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: phase)
    let (_, gradient) = SoftmaxCrossEntropy().evaluate(
      logits: logits, targets: (0..<count).map { $0 % network.classCount })
    var gradients = ParameterVector(network.parameterLayout)
    training.backward(
      logitGradient: gradient, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: phase)
    let inference = Execution(
      network: network, batchSize: count, workers: workers, trains: false,
      convolution: convolution)
    inference.input.copy(from: images)
    let answers = inference.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: .inference)
    return Step(
      logits: logits, gradients: gradients.scalars, statistics: statistics.scalars,
      inference: answers)
  }

  func expectSameBits(
    _ network: Network, count: Int, among processes: [Int],
    _ convolution: ConvolutionAlgorithm = .automatic,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let alone = Self.step(network, count: count, convolution)
    for processCount in processes {
      let steps = ThreadGroup.run(processCount) {
        Self.step(network, count: count, processes: $0, convolution)
      }
      for (rank, step) in steps.enumerated() {
        let place: Comment = "rank \(rank) of \(processCount), \(count) images"
        #expect(step.logits == alone.logits, place, sourceLocation: sourceLocation)
        #expect(step.gradients == alone.gradients, place, sourceLocation: sourceLocation)
        #expect(step.statistics == alone.statistics, place, sourceLocation: sourceLocation)
        #expect(step.inference == alone.inference, place, sourceLocation: sourceLocation)
      }
    }
  }

  @Test(arguments: NamedModel.allCases)
  func `a named model has the same bits in several processes`(model: NamedModel) throws {
    let network = try Network(
      Architecture(model.architectureText), imageSize: 64, classCount: 3)
    expectSameBits(network, count: 16, among: [2, 3])
  }

  /// Layers that sum over a batch in their own ways.
  static let texts = [
    "conv 16 3x3, batchnorm, pool 2, relu, conv 32 3x3, batchnorm, relu, global-pool, flatten, "
      + "dense",
    "conv 5 3x3 stride 2, batchnorm, gelu, conv 7 1x1 no-bias, dropout 0.3, flatten, dense 9, "
      + "dense",
    "conv 8 5x5, prelu, depthwise, silu, conv 16 groups 4, average-pool 2, flatten, dense",
    "conv 16, residual (conv 16, batchnorm, relu, conv 16) shortcut (conv 16 1x1), pool 2, "
      + "flatten, dropout 0.5, dense 8, batchnorm, tanh, dense",
    "conv 8 frozen, batchnorm, relu, residual (depthwise 3x3, batchnorm, relu, conv 8 1x1), "
      + "global-max-pool, flatten, dense",
    "average-pool 2, conv 6 frozen, pool 2, flatten, dense",
    // More channels than sums for each shard have room for.
    "conv 144 3x3, pool 2, batchnorm, relu, conv 144 3x3, relu, pool 2, conv 160 3x3, global-pool, "
      + "flatten, dense",
  ]

  @Test(arguments: texts, ConvolutionAlgorithm.allCases)
  func `every layer has the same bits in several processes`(
    text: String, convolution: ConvolutionAlgorithm
  ) throws {
    let network = try Network(Architecture(text), imageSize: 14, classCount: 3)
    for count in [13, 16] { expectSameBits(network, count: count, among: [2, 3, 4], convolution) }
  }

  @Test func `a batch of fewer images than processes has the same bits`() throws {
    let network = try Network(Architecture(Self.texts[0]), imageSize: 14, classCount: 3)
    for count in 1...9 { expectSameBits(network, count: count, among: [2, 4, 8]) }
  }

  @Test(arguments: 2...8)
  func `sums have the same bits wherever shards are divided`(processes: Int) throws {
    let network = try Network(Architecture(Self.texts[0]), imageSize: 14, classCount: 3)
    for count in [11, 16] { expectSameBits(network, count: count, among: [processes]) }
  }

  /// Notes how many bytes a process brings together.
  final class Counting: ProcessGroup {
    let group: any ProcessGroup
    let bytes = Atomic(0)
    init(_ group: any ProcessGroup) { self.group = group }
    var rank: Int { group.rank }
    var count: Int { group.count }

    @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
      bytes.add(ends[count - 1], ordering: .relaxed)
      unsafe group.gather(memory, ends: ends)
    }

    @unsafe func exchange(
      _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
      ends receivedEnds: [Int]
    ) {
      bytes.add(receivedEnds[count - 1], ordering: .relaxed)
      unsafe group.exchange(sent, ends: ends, into: received, ends: receivedEnds)
    }
  }

  @Test(
    arguments: [
      // For each shard, for each worker by Winograd, and by im2col.
      ("conv 64 5x5, global-pool, flatten, dense", ConvolutionAlgorithm.automatic),
      ("conv 64 no-bias, conv 64, global-pool, flatten, dense", .automatic),
      ("conv 64 no-bias, conv 64, global-pool, flatten, dense", .im2col),
    ], [2, 4])
  func `processes give each other a gradient twice, and not for each shard`(
    choice: (text: String, convolution: ConvolutionAlgorithm), processes: Int
  ) throws {
    let network = try Network(Architecture(choice.text), imageSize: 8, classCount: 3)
    let bytes = ThreadGroup.run(processes) { group in
      let counting = Counting(group)
      _ = Self.step(network, count: 16, processes: counting, choice.convolution)
      return counting.bytes.load(ordering: .relaxed)
    }
    let gradient = 4 * network.parameterLayout.count
    // Besides, there are the sums of a small layer, biases, and features before the dense layer.
    let others = 4 * (8 * 27 * 64 + 4 * 16 * 64)
    for bytes in bytes { #expect(bytes > gradient && bytes < 2 * gradient + others, "\(bytes)") }
  }

  /// Processes that add sums in the opposite order.
  struct Backwards: ProcessGroup {
    let group: any ProcessGroup
    var rank: Int { group.rank }
    var count: Int { group.count }
    var addsFreely: Bool { true }

    @unsafe func gather(_ memory: UnsafeMutableRawBufferPointer, ends: [Int]) {
      unsafe group.gather(memory, ends: ends)
    }

    @unsafe func exchange(
      _ sent: UnsafeRawBufferPointer, ends: [Int], into received: UnsafeMutableRawBufferPointer,
      ends receivedEnds: [Int]
    ) {
      unsafe group.exchange(sent, ends: ends, into: received, ends: receivedEnds)
    }

    func add(_ region: FloatRegion) {
      let arena = Arena(pieces: [count * region.count])
      let all = arena.piece(count * region.count)
      all[rank * region.count..<(rank + 1) * region.count].copy(from: region.array)
      group.gather(all, ends: (1...count).map { $0 * region.count })
      for index in 0..<region.count {
        region[index] = (0..<count).reversed().reduce(0) { $0 + all[$1 * region.count + index] }
      }
    }
  }

  @Test(arguments: texts)
  func `sums in another order differ by rounding`(text: String) throws {
    let network = try Network(Architecture(text), imageSize: 16, classCount: 3)
    let alone = Self.step(network, count: 13)
    for processCount in 2...3 {
      let steps = ThreadGroup.run(processCount) {
        Self.step(network, count: 13, processes: Backwards(group: $0))
      }
      for step in steps {
        #expect(step.gradients == steps[0].gradients && step.statistics == alone.statistics)
        let largest = alone.gradients.map(abs).max() ?? 0
        #expect(largestDifference(step.gradients, alone.gradients) < 1e-5 * largest)
      }
    }
  }
}

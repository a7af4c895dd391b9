import ConvNet
import Tensors
import TestSupport
import Testing

/// What inference computes once from parameters and statistics and keeps.
@Suite struct PreparedValueTests {
  static let text =
    "conv 16 2x2 stride 2 no-bias, batchnorm, relu, conv 16 3x3, pool 2, batchnorm, relu, "
    + "conv 32 3x3 groups 2, batchnorm, residual (conv 32 3x3, batchnorm, relu) "
    + "shortcut (conv 32 1x1), conv 16 3x3 frozen, flatten, dense 9, relu, dense"
  let network: Network
  var parameters: ParameterVector, statistics: ParameterVector

  init() throws {
    network = try Network(Architecture(Self.text), imageSize: 20, classCount: 3)
    (parameters, statistics) = network.initialValues(seed: 1)
  }

  func execution(batchSize: Int = 4, threads: Int = 2) -> Execution {
    Execution(
      network: network, batchSize: batchSize, workers: Workers(count: threads), trains: false)
  }

  /// Logits of hashed images.
  mutating func logits(_ execution: Execution, count: Int = 2) -> [Float] {
    execution.input.copy(
      from: hashedNumbers(stream: 2, count: count * network.inputShape.count))
    return execution.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: .inference)
  }

  @Test mutating func `a parameter that changes in place changes the logits`() {
    let kept = execution()
    for slot in network.parameterLayout.slots.indices {
      let before = logits(kept)
      parameters[slot: slot] = parameters[slot: slot].map { $0 * 1.5 + 0.01 }
      let after = logits(kept)
      #expect(after == logits(execution()), "\(network.parameterLayout.slots[slot].name)")
      #expect(after != before, "\(network.parameterLayout.slots[slot].name)")
    }
  }

  @Test mutating func `a statistic that changes in place changes the logits`() {
    let kept = execution()
    for slot in network.statisticLayout.slots.indices {
      let before = logits(kept)
      statistics[slot: slot] = statistics[slot: slot].map { $0 * 1.5 + 0.01 }
      let after = logits(kept)
      #expect(after == logits(execution()), "\(network.statisticLayout.slots[slot].name)")
      #expect(after != before, "\(network.statisticLayout.slots[slot].name)")
    }
  }

  @Test mutating func `batches of other sizes share what is prepared`() {
    let kept = execution()
    let all = logits(kept, count: 4)
    let one = logits(kept, count: 1)
    #expect(one == logits(execution(), count: 1))
    #expect(logits(kept, count: 4) == all)
  }

  @Test mutating func `values that were let go of change in place`() {
    let kept = execution()
    _ = logits(kept)
    let (vector, address) = (parameters, parameters.withRegionToRead { $0 })
    #expect(vector.sharesMemory(with: parameters))
    parameters.scalars[0] += 1
    #expect(!parameters.withRegionToRead { $0.isSame(as: address) }, "another vector keeps them")
    let own = parameters.withRegionToRead { $0 }
    _ = logits(kept)
    kept.releaseValues()
    parameters.scalars[0] += 1
    #expect(parameters.withRegionToRead { $0.isSame(as: own) }, "nothing keeps them")
  }

  @Test(arguments: [1, 3, 5, 16])
  mutating func `one image has the same bits with any number of threads`(threads: Int) throws {
    let alone = logits(execution(threads: 2), count: 1)
    #expect(logits(execution(threads: threads), count: 1) == alone)
  }

  /// Layers that are prepared once in inference and before every pass in training.
  @Test func `preparing is left to sequences`() throws {
    let prepared = PreparationCount()
    let network = try Network(imageSize: 4, classCount: 2) {
      CountingLayer(count: prepared)
      Residual { CountingLayer(count: prepared) }
      Flatten()
      Dense()
    }
    let parameters = network.initialValues(seed: 1).parameters
    var statistics = network.initialValues(seed: 1).statistics
    for (trains, expected) in [(false, 2), (true, 6)] {
      prepared.value = 0
      let execution = Execution(
        network: network, batchSize: 1, workers: Workers(count: 1), trains: trains)
      for _ in 0..<3 {
        _ = execution.forward(
          count: 1, parameters: parameters, statistics: &statistics, phase: .inference)
      }
      #expect(prepared.value == expected, "trains \(trains)")
    }
  }
}

/// Times that layers were prepared.
final class PreparationCount: @unchecked Sendable { var value = 0 }

/// A layer that passes its input on.
struct CountingLayer: Layer {
  let count: PreparationCount
  var text: String { "counting" }

  func outputShape(for input: Shape) -> Shape { input }

  func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    Operation(count: count)
  }

  struct Operation: TrainingOperation {
    let count: PreparationCount

    func prepare(_ pass: ForwardPass) { count.value += 1 }
    func forward(_ pass: ForwardPass) { pass.output.copy(from: pass.input) }
    func backward(_ pass: BackwardPass) { pass.inputGradient?.copy(from: pass.outputGradient) }
  }
}

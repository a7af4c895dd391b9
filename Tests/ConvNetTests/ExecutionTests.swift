import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing

@Suite struct ExecutionTests {
  static let text =
    "conv 4 3x3 no-bias, pool 2, batchnorm, relu, conv 6 3x3, relu, dropout 0.25, "
    + "average-pool 2, flatten, dense 8, relu, dense"

  func network(_ text: String = Self.text) throws -> Network {
    try Network(Architecture(text), imageSize: 8, classCount: 3)
  }

  /// Loss and gradient of one training step on hashed images.
  func step(
    _ network: Network, count: Int, batchSize: Int, threads: Int, seed: UInt64 = 4
  ) -> (logits: [Float], gradients: [Float], statistics: [Float]) {
    var (parameters, statistics) = network.initialValues(seed: 1)
    let execution = Execution(
      network: network, batchSize: batchSize, workers: Workers(count: threads), trains: true)
    execution.input.copy(from: hashedNumbers(stream: 2, count: network.inputShape.count * count))
    let phase = Phase.training(seed: seed)
    let logits = execution.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: phase)
    let (_, gradient) = SoftmaxCrossEntropy().evaluate(
      logits: logits, targets: (0..<count).map { $0 % 3 })
    var gradients = ParameterVector(network.parameterLayout)
    execution.backward(
      logitGradient: gradient, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: phase)
    return (logits, gradients.scalars, statistics.scalars)
  }

  @Test(arguments: [2, 3, 5])
  func `the number of threads changes no bit`(threads: Int) throws {
    let network = try network()
    let one = step(network, count: 13, batchSize: 16, threads: 1)
    let many = step(network, count: 13, batchSize: 16, threads: threads)
    #expect(one.logits == many.logits)
    #expect(one.gradients == many.gradients)
    #expect(one.statistics == many.statistics)
  }

  @Test func `room for more images changes no bit`() throws {
    let network = try network()
    let exact = step(network, count: 6, batchSize: 6, threads: 2)
    let roomy = step(network, count: 6, batchSize: 40, threads: 2)
    #expect(exact.gradients == roomy.gradients)
  }

  @Test func `another seed drops other elements`() throws {
    let network = try network()
    let a = step(network, count: 6, batchSize: 6, threads: 2, seed: 4)
    let b = step(network, count: 6, batchSize: 6, threads: 2, seed: 5)
    #expect(a.logits != b.logits)
  }

  @Test func `the gradient of a whole network agrees with finite differences`() throws {
    let network = try network(
      "conv 3 3x3, pool 2, batchnorm, conv 4 3x3 no-bias, global-pool, flatten, dense")
    let targets = [0, 2, 1, 1]
    var (parameters, statistics) = network.initialValues(seed: 5)
    let execution = Execution(
      network: network, batchSize: 4, workers: Workers(count: 2), trains: true)
    let images = hashedNumbers(stream: 2, count: network.inputShape.count * 4)
    func loss(_ parameters: inout ParameterVector) -> (loss: Float, gradient: [Float]) {
      execution.input.copy(from: images)
      let logits = execution.forward(
        count: 4, parameters: parameters, statistics: &statistics, phase: .training(seed: 1))
      return SoftmaxCrossEntropy().evaluate(logits: logits, targets: targets)
    }
    let gradient = loss(&parameters).gradient
    var gradients = ParameterVector(network.parameterLayout)
    execution.backward(
      logitGradient: gradient, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: .training(seed: 1))
    let checked = stride(from: 0, to: parameters.scalars.count, by: 3)
    let numeric = checked.map { index in
      var (up, down) = (parameters, parameters)
      up.scalars[index] += 1e-2
      down.scalars[index] -= 1e-2
      return (Double(loss(&up).loss) - Double(loss(&down).loss)) / 2e-2
    }
    #expect(
      relativeDifference(checked.map { Double(gradients.scalars[$0]) }, numeric) < 1e-2)
  }

  @Test func `inference and training memory give the same logits`() throws {
    let network = try network("conv 4 3x3, relu, pool 2, flatten, dense")
    var logits: [[Float]] = []
    for trains in [false, true] {
      var (parameters, statistics) = network.initialValues(seed: 1)
      let execution = Execution(
        network: network, batchSize: 5, workers: Workers(count: 2), trains: trains)
      execution.input.copy(from: hashedNumbers(stream: 2, count: network.inputShape.count * 5))
      logits.append(
        execution.forward(
          count: 5, parameters: parameters, statistics: &statistics, phase: .inference))
    }
    #expect(logits[0] == logits[1])
  }

  @Test func `inference does not touch running statistics`() throws {
    let network = try network()
    var (parameters, statistics) = network.initialValues(seed: 1)
    let before = statistics
    let execution = Execution(
      network: network, batchSize: 2, workers: Workers(count: 1), trains: false)
    execution.input.fill(0.5)
    _ = execution.forward(
      count: 2, parameters: parameters, statistics: &statistics, phase: .inference)
    #expect(statistics == before)
  }

  @Test func `an untrained network is nearly undecided`() throws {
    for model in NamedModel.allCases {
      let network = try Network(
        Architecture(model.architectureText), imageSize: 64, classCount: 2)
      var (parameters, statistics) = network.initialValues(seed: 11)
      let execution = Execution(
        network: network, batchSize: 8, workers: Workers(count: 2), trains: false)
      execution.input.copy(from: hashedNumbers(stream: 2, count: network.inputShape.count * 8))
      let logits = execution.forward(
        count: 8, parameters: parameters, statistics: &statistics, phase: .inference)
      let loss = SoftmaxCrossEntropy().evaluate(
        logits: logits, targets: [0, 1, 0, 1, 0, 1, 0, 1]
      ).loss
      #expect(abs(loss - 0.6931) < 0.05, "\(model)")
    }
  }

  @Test func `the layer where values stop being finite is found`() throws {
    let network = try network("conv 4 3x3, relu, global-pool, flatten, dense")
    var (parameters, statistics) = network.initialValues(seed: 1)
    parameters[slot: 2] = parameters[slot: 2].map { _ in .infinity }
    let execution = Execution(
      network: network, batchSize: 2, workers: Workers(count: 1), trains: true)
    execution.input.fill(0.5)
    _ = execution.forward(
      count: 2, parameters: parameters, statistics: &statistics, phase: .training(seed: 1))
    #expect(
      execution.firstLayerNotFinite(count: 2, parameters: parameters, statistics: statistics) == 4)
  }
}

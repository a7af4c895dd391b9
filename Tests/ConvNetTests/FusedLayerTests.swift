import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing

/// Neighboring layers that run as one against the same layers one by one, by im2col.
@Suite struct FusedLayerTests {
  /// What one training step makes of a network.
  func step(
    _ network: Network, _ algorithm: ConvolutionAlgorithm, threads: Int = 2
  ) -> [String: [Float]] {
    let count = 3
    var (parameters, statistics) = network.initialValues(seed: 1)
    // Fresh biases are zero and fresh scales one; neither may stay so, and some turn a largest
    // number into a smallest.
    for index in parameters.scalars.indices {
      parameters.scalars[index] += 0.2 * hashedNumbers(stream: 7, count: 64)[index % 61]
      if index % 5 == 0 { parameters.scalars[index].negate() }
    }
    let execution = Execution(
      network: network, batchSize: 4, workers: Workers(count: threads), trains: true,
      convolution: algorithm)
    execution.input.copy(from: hashedNumbers(stream: 2, count: network.inputShape.count * count))
    let phase = Phase.training(seed: 3)
    let logits = execution.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: phase)
    let (_, gradient) = SoftmaxCrossEntropy().evaluate(
      logits: logits, targets: (0..<count).map { $0 % network.classCount })
    var gradients = ParameterVector(network.parameterLayout)
    execution.backward(
      logitGradient: gradient, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: phase)
    let inference = Execution(
      network: network, batchSize: 4, workers: Workers(count: threads), trains: false,
      convolution: algorithm)
    inference.input.copy(from: execution.input)
    return [
      "planned for inference": inference.forward(
        count: count, parameters: parameters, statistics: &statistics, phase: .inference),
      "logits": logits, "gradients": gradients.scalars, "statistics": statistics.scalars,
      "inference": execution.forward(
        count: count, parameters: parameters, statistics: &statistics, phase: .inference),
    ]
  }

  static let end = ", global-pool, flatten, dense"
  static let texts = [
    "conv 20 3x3, batchnorm, conv 6 3x3 stride 2, batchnorm, relu, conv 24 1x1, batchnorm, pool 2",
    "conv 72 3x3, relu, pool 2, conv 37 3x3 no-bias, batchnorm, relu, pool 2, conv 65 3x3",
    "conv 16 3x3, pool 2, batchnorm, conv 17 3x3 no-bias, pool 2, batchnorm, relu",
    "conv 16 5x5 padding 2, batchnorm, relu, pool 2, conv 20 3x3, batchnorm, pool 2, relu",
    "conv 16 3x3, relu, pool 2, conv 20 3x3, relu, pool 2",
    "conv 17 3x3 no-bias, pool 2, batchnorm, relu, conv 24 3x3 no-bias, batchnorm, relu",
    "conv 5 5x5 padding 2, pool 2, relu, conv 7 3x3, pool 2",
    "conv 16 3x3 padding 0, relu, pool 2, conv 16 3x3 padding 0, relu, pool 2",
    "conv 6 2x2 stride 2 no-bias, batchnorm, relu, conv 18 3x3, relu, conv 16 3x3, pool 2, relu",
    "conv 20 3x3 no-bias, batchnorm, relu, pool 2, conv 9 3x3, batchnorm, pool 2, relu",
    "conv 300 1x1 no-bias, batchnorm, pool 2, conv 8 3x3, batchnorm frozen, relu, pool 2",
    "conv 16 3x3, residual (conv 16 3x3 no-bias, batchnorm, relu, conv 16 3x3), relu, pool 2",
    "conv 20 3x3, pool 2, relu, residual (conv 24 3x3, pool 2, relu) shortcut (conv 24 "
      + "1x1 stride 2)",
    "conv 16 3x3, relu, pool 3, conv 16 3x3, relu, pool 2 stride 1",
    "conv 16 3x3 frozen, relu, pool 2, conv 16 1x1, batchnorm frozen, relu, pool 2",
  ]

  static let sizes: [(Int, ConvolutionAlgorithm)] = [
    (12, .automatic), (13, .automatic), (14, .indirect), (15, .winograd),
  ]

  /// An odd map on the shorter branch is rounded up, by pooling down: only some sizes fit.
  static let cases = texts.flatMap { text in
    sizes.filter { !text.contains("shortcut") || $0.0.isMultiple(of: 4) }.map {
      (text: text, how: (size: $0.0, algorithm: $0.1))
    }
  }

  @Test func `every text runs at some size`() {
    #expect(Set(Self.cases.map(\.text)) == Set(Self.texts))
    #expect(Self.cases.count >= 4 * (Self.texts.count - 1))
  }

  @Test(arguments: cases)
  func `layers that run as one give what they give one by one`(
    text: String, how: (size: Int, algorithm: ConvolutionAlgorithm)
  ) throws {
    let network = try Network(Architecture(text + Self.end), imageSize: how.size, classCount: 3)
    let alone = step(network, .im2col)
    for (name, fused) in step(network, how.algorithm) {
      let expected = try #require(alone[name])
      let size = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let difference = zip(fused, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(difference.squareRoot() <= 1e-5 * size, "\(name)")
    }
  }

  @Test(arguments: texts) func `the number of threads changes no bit`(text: String) throws {
    let network = try Network(Architecture(text + Self.end), imageSize: 12, classCount: 3)
    let one = step(network, .automatic, threads: 1)
    #expect(step(network, .automatic, threads: 3) == one)
  }

  @Test func `what is not a number reaches the logits through a fused pooling`() throws {
    let network = try Network(
      Architecture("conv 16 3x3, relu, pool 2" + Self.end), imageSize: 8, classCount: 2)
    var (parameters, statistics) = network.initialValues(seed: 1)
    let execution = Execution(
      network: network, batchSize: 1, workers: Workers(count: 1), trains: true)
    var images = hashedNumbers(stream: 2, count: network.inputShape.count)
    images[77] = .nan
    execution.input.copy(from: images)
    let logits = execution.forward(
      count: 1, parameters: parameters, statistics: &statistics, phase: .training(seed: 1))
    #expect(logits.contains { $0.isNaN })
    #expect(
      execution.firstLayerNotFinite(count: 1, parameters: parameters, statistics: statistics) == 0)
  }
}

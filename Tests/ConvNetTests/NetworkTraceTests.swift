import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing

@Suite struct NetworkTraceTests {
  static let texts = [
    "conv 3 3x3, relu, pool 2, flatten, dense",
    "batchnorm, conv 4 3x3, average-pool 2, batchnorm, silu, "
      + "residual (conv 4 3x3, batchnorm, gelu, conv 4 3x3), gelu, global-pool, flatten, dense",
    "residual (conv 3 3x3) shortcut (conv 3 1x1), pool 2, relu, flatten, dense 5, silu, dense",
  ]

  /// A network with statistics that are not those it begins with.
  private func makeTracer(
    _ text: String, phase: Phase
  ) throws -> (NetworkTracer, ParameterVector, ParameterVector) {
    let network = try Network(Architecture(text), imageSize: 6, classCount: 3)
    var (parameters, statistics) = network.initialValues(seed: 3)
    for (index, value) in hashedNumbers(stream: 8, count: statistics.scalars.count).enumerated() {
      statistics.scalars[index] += 0.3 * abs(value)
    }
    for (index, value) in hashedNumbers(stream: 9, count: parameters.scalars.count).enumerated() {
      parameters.scalars[index] += 0.1 * value
    }
    let tracer = NetworkTracer(
      network: network, batchSize: 4, workers: Workers(count: 2), phase: phase)
    return (tracer, parameters, statistics)
  }

  @Test(arguments: texts, [Phase.inference, .training(seed: 4)])
  func `the gradient of the images agrees with finite differences`(
    text: String, phase: Phase
  ) throws {
    let (tracer, parameters, statistics) = try makeTracer(text, phase: phase)
    let images = hashedNumbers(stream: 2, count: 2 * tracer.network.inputShape.count)
    let targets = [2, 0]
    func trace(_ images: [Float]) -> (loss: Double, trace: NetworkTrace) {
      var loss: Float = 0
      let trace = tracer.trace(images: images, parameters: parameters, statistics: statistics) {
        let result = SoftmaxCrossEntropy().evaluate(logits: $0, targets: targets)
        loss = result.loss
        return result.gradient
      }
      return (Double(loss), trace)
    }
    let gradient = trace(images).trace.gradients[0]
    let checked = Array(stride(from: 0, to: images.count, by: 7))
    let numeric = checked.map { index in
      var (up, down) = (images, images)
      up[index] += 5e-3
      down[index] -= 5e-3
      return (trace(up).loss - trace(down).loss) / 1e-2
    }
    #expect(relativeDifference(checked.map { Double(gradient[$0]) }, numeric) < 2e-2)
  }

  @Test(arguments: texts)
  func `activations and gradients have the shapes of the layers`(text: String) throws {
    let (tracer, parameters, statistics) = try makeTracer(text, phase: .inference)
    let network = tracer.network
    let images = hashedNumbers(stream: 2, count: 3 * network.inputShape.count)
    let trace = tracer.trace(images: images, parameters: parameters, statistics: statistics) {
      $0.map { _ in 1 }
    }
    let counts = network.shapes.map { 3 * $0.count }
    #expect(trace.activations.map(\.count) == counts)
    #expect(trace.gradients.map(\.count) == counts)
    #expect(trace.activations[0] == images)
    #expect(trace.gradients[network.layers.count] == [Float](repeating: 1, count: 9))
    // Every layer passes something on.
    #expect(trace.gradients.allSatisfy { $0.contains { $0 != 0 } })
  }

  @Test func `a trace gives the gradients of training`() throws {
    let (tracer, parameters, statistics) = try makeTracer(Self.texts[1], phase: .training(seed: 4))
    let network = tracer.network
    let images = hashedNumbers(stream: 2, count: 4 * network.inputShape.count)
    let weights = hashedNumbers(stream: 5, count: 4 * network.classCount)
    let trace = tracer.trace(images: images, parameters: parameters, statistics: statistics) { _ in
      weights
    }
    let execution = Execution(
      network: network, batchSize: 4, workers: Workers(count: 2), trains: true)
    execution.input.copy(from: images)
    var own = statistics
    let logits = execution.forward(
      count: 4, parameters: parameters, statistics: &own, phase: .training(seed: 4))
    var gradients = ParameterVector(network.parameterLayout)
    execution.backward(
      logitGradient: weights, parameters: parameters, statistics: &own, gradients: &gradients,
      phase: .training(seed: 4))
    func close(_ own: [Float], _ other: [Float]) -> Bool {
      relativeDifference(own.map(Double.init), other.map(Double.init)) < 1e-4
    }
    #expect(close(trace.logits, logits))
    #expect(close(trace.parameterGradients.scalars, gradients.scalars))
  }
}

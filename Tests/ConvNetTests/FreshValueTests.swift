import ConvNet
import Optimization
import Tensors
import TestSupport
import Testing

/// What layers begin with, and which of it may change.
@Suite struct FreshValueTests {
  func network(_ text: String, imageSize: Int = 8) throws -> Network {
    try Network(Architecture(text), imageSize: imageSize, classCount: 2)
  }

  func weights(_ text: String) throws -> [Float] {
    try network("\(text), flatten, dense").initialValues(seed: 3).parameters[slot: 0]
  }

  @Test func `He's values have the standard deviation that rectifiers need`() throws {
    let values = try weights("conv 64 5x5").map(Double.init)
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    #expect(abs(deviation / (2.0 / 75).squareRoot() - 1) < 0.03)
  }

  @Test func `Glorot's values fill the range between inputs and outputs`() throws {
    let limit = (6.0 / Float(3 * 9 + 64 * 9)).squareRoot()
    let values = try weights("conv 64 3x3 initial glorot")
    #expect(values.allSatisfy { abs($0) <= limit })
    #expect((values.max() ?? 0) > 0.98 * limit && (values.min() ?? 0) < -0.98 * limit)
  }

  @Test(arguments: ["conv 5 3x3", "conv 3 5x5", "conv 3 3x3 groups 3", "depthwise 3x3"])
  func `dirac's filters pass the channels on`(text: String) throws {
    let input = Shape(batch: 2, height: 4, width: 5, channels: 3)
    let trial = try LayerTrial(layer("\(text) initial dirac"), on: input)
    var generator = SeededGenerator(seed: 1)
    for (index, slot) in trial.slots.enumerated() {
      let values = trial.layer.initialValue(of: slot, using: &generator)
      trial.arrays[index].copy(from: trial.memory(index, fromFile: values))
    }
    let values = hashedNumbers(stream: 1, count: input.count)
    trial.inputs.copy(from: values)
    trial.runForward()
    let channels = trial.output.channels
    for pixel in 0..<input.batch * input.pixelCount {
      let passed = (0..<3).map { trial.outputs[pixel * channels + $0] }
      #expect(passed == Array(values[pixel * 3..<pixel * 3 + 3]))
    }
  }

  @Test(arguments: ["", " frozen"])
  func `whitening makes what leaves the first layer vary alike`(frozen: String) throws {
    let network = try network(
      "conv 26 2x2 stride 2 no-bias initial whitening\(frozen), flatten, dense", imageSize: 32)
    #expect(network.wantsImages)
    var (parameters, statistics) = network.initialValues(seed: 1)
    // Neighbors and colors that resemble each other, as in photographs.
    let images = (0..<6).map { image in
      let size = network.inputShape.imageCount
      let noise = hashedNumbers(stream: image, count: size + 200)
      let region = Arena(pieces: [size]).piece(size)
      region.copy(from: (0..<size).map { noise[$0] + 2 * noise[$0 / 6 * 6] + noise[$0 / 96] })
      return region
    }
    network.whiten(
      parameters: &parameters, statistics: &statistics, imageCount: images.count
    ) { images[$0] }
    let vector = frozen.isEmpty ? parameters : statistics
    let trial = try LayerTrial(
      layer("conv 26 2x2 stride 2 no-bias"), on: network.inputShape.batch(images.count))
    trial.arrays[0].copy(from: Array(vector.scalars[vector.layout.ranges[0]]))
    trial.inputs.copy(from: images.flatMap(\.array))
    trial.runForward()
    let rows = trial.output.batch * trial.output.pixelCount
    func covariance(_ a: Int, _ b: Int) -> Double {
      (0..<rows).reduce(0) {
        $0 + Double(trial.outputs[$1 * 26 + a]) * Double(trial.outputs[$1 * 26 + b])
      } / Double(rows)
    }
    for a in 0..<12 {
      for b in 0..<12 { #expect(abs(covariance(a, b) - (a == b ? 1 : 0)) < 0.02, "\(a) \(b)") }
      // Negatives follow; the two filters beyond stay as they were drawn.
      #expect(abs(covariance(a, 12 + a) + covariance(a, a)) < 1e-6)
    }
    #expect(covariance(24, 24) > 0)
  }

  @Test func `frozen parameters stay while others learn, whatever the weight decay`() throws {
    let network = try network(
      "conv 4 3x3 frozen, batchnorm frozen, relu, conv 3 3x3, batchnorm, global-pool, "
        + "flatten, dense"
    )
    #expect(
      network.parameterLayout.slots.allSatisfy { $0.name.first != "0" && $0.name.first != "1" })
    var (parameters, statistics) = network.initialValues(seed: 1)
    let before = (parameters, statistics)
    let execution = Execution(
      network: network, batchSize: 4, workers: Workers(count: 2), trains: true)
    let optimizer = try OptimizerChoice("momentum:decay=0.1").makeOptimizer(
      layout: network.parameterLayout)
    var memory = optimizer.makeState(parameterCount: network.parameterLayout.count)
    var gradients = ParameterVector(network.parameterLayout)
    execution.input.copy(from: hashedNumbers(stream: 1, count: 4 * network.inputShape.count))
    let logits = execution.forward(
      count: 4, parameters: parameters, statistics: &statistics, phase: .training(seed: 1))
    let gradient = SoftmaxCrossEntropy().evaluate(logits: logits, targets: [0, 1, 1, 0]).gradient
    execution.backward(
      logitGradient: gradient, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: .training(seed: 1))
    optimizer.step(
      &parameters.scalars, gradients: gradients.scalars, learningRate: 0.1, state: &memory,
      workers: Workers(count: 2))
    for (index, slot) in network.statisticLayout.slots.enumerated() {
      let isFrozen = slot.name.first == "0" || slot.name.first == "1"
      #expect((statistics[slot: index] == before.1[slot: index]) == isFrozen, "\(slot.name)")
    }
    #expect(parameters != before.0)
  }
}

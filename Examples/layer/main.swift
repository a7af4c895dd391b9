// Adds a layer: checks its gradients, and trains a network that contains it.
import ConvNet
import ImageLoading
import Optimization
import Tensors
import Training

/// Multiplies every channel by a learned factor: y = w x.
struct Scale: Layer {
  var text: String { "scale" }

  func outputShape(for input: Shape) -> Shape { input }

  func parameters(for input: Shape) -> [ParameterSlot] {
    [ParameterSlot(name: "weight", shape: [input.channels])]
  }

  func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    [Float](repeating: 1, count: slot.count)
  }

  func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    ScaleOperation(channels: context.input.channels)
  }
}

/// What runs for `Scale`: ∂L/∂x = w ∂L/∂y, and ∂L/∂w is the sum of x ∂L/∂y over the pixels.
struct ScaleOperation: TrainingOperation {
  let channels: Int

  func forward(_ pass: ForwardPass) {
    let factors = pass.parameters[0]
    pass.forEachImage { input, output in
      for index in 0..<input.count { output[index] = factors[index % channels] * input[index] }
    }
  }

  func backward(_ pass: BackwardPass) {
    let (input, outputGradient) = (pass.forward.input, pass.outputGradient)
    let (factors, factorGradient) = (pass.forward.parameters[0], pass.parameterGradients[0])
    factorGradient.fill(0)
    for index in 0..<input.count {
      factorGradient[index % channels] += input[index] * outputGradient[index]
    }
    pass.forEachImage { _, _, outputGradient, inputGradient in
      for index in 0..<inputGradient.count {
        inputGradient[index] = factors[index % channels] * outputGradient[index]
      }
    }
  }
}

let workers = Workers()
let shape = Shape(batch: 2, height: 5, width: 4, channels: 3)
for check in try GradientCheck.check(Scale(), on: shape, samples: 20, workers: workers) {
  print("\(check.array): relative error \(check.relativeError)")
  precondition(check.passes, "backpropagation through \(check.layer) is wrong")
}

// The steps of a trainer by hand, on a network written in Swift.
var configuration = TrainingConfiguration(imageSize: 32)
configuration.batchSize = 8
let images = try DatasetLoader(workers: workers)
  .load(DatasetLister.list("../data/sketches"), geometry: configuration.geometry)
let data = try TrainingData(images, validationSplit: 0.25, testSplit: 0)
let source = BatchSource(configuration, data: data, workers: workers)

let network = try Network(imageSize: 32, classCount: data.classNames.count) {
  Convolution(8)
  Pooling(.maximum, height: 2)
  Scale()
  Rectifier()
  Pooling(.average)
  Flatten()
  Dense()
}
let execution = Execution(
  network: network, batchSize: configuration.batchSize, workers: workers, trains: true)
let layout = network.parameterLayout
let step = TrainingStep(
  layout: layout, objective: try configuration.makeObjective(classCount: 2),
  optimizer: configuration.optimizer.makeOptimizer(layout: layout), workers: workers)
let (parameters, statistics) = network.initialValues(seed: 1)
var state = ModelState(
  parameters: parameters, statistics: statistics,
  optimizer: step.optimizer.makeState(parameterCount: layout.count))

for epoch in 0..<6 {
  var batches = source.batches(ofEpoch: epoch)
  var losses: [Float] = []
  while let batch = try batches.next(into: execution.input) {
    let images = NetworkBatch(
      execution, count: batch.samples.count, dropoutSeed: UInt64(epoch))
    losses.append(
      Float(
        try step.take(images, targets: batch.targets, learningRate: 0.01, state: &state).loss))
  }
  print("epoch \(epoch + 1): loss \(losses.reduce(0, +) / Float(losses.count))")
}

// Adds an optimizer: it races against others down a valley, and then trains a network.
import ImageLoading
import Optimization
import Tensors
import Training

/// Gradient descent whose steps have one length, whatever the slope: θ ← θ − η ∇f / ‖∇f‖.
struct NormalizedDescent: Optimizer {
  var memoryNames: [String] { [] }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    let norm = Float(Kernels.sumOfSquares(gradients).squareRoot())
    guard norm > 0 else { return }
    for index in parameters.indices { parameters[index] -= learningRate / norm * gradients[index] }
  }
}

// The entry gives it a name; wrappers such as lookahead and ema then fit it as well.
let catalogue = OptimizerCatalogue.standard.adding(
  OptimizerEntry(
    "normalized", "steps of one length along the slope", .gradientDescent, .length,
    usualRate: 0.05
  ) { _ in NormalizedDescent() })

let surface = try Surface("rosenbrock")
for name in ["sgd", "adam", "normalized", "normalized:lookahead=5"] {
  let choice = try MarbleChoice(name, in: MarbleCatalogue(optimizers: catalogue))
  let roll = Roll(choice, on: surface, steps: 300)
  print("\(name) ends at height \(roll.trajectory.last?.value ?? .nan)")
}

let workers = Workers()
var configuration = TrainingConfiguration(
  imageSize: 32, optimizer: try OptimizerChoice("normalized:ema=0.9", in: catalogue))
configuration.batchSize = 8
configuration.epochs = 8
let images = try DatasetLoader(workers: workers)
  .load(DatasetLister.list("../data/sketches"), geometry: configuration.geometry)
let data = try TrainingData(images, validationSplit: 0.25, testSplit: 0)
let outcome = try Trainer(configuration: configuration, data: data, workers: workers).run()
print("validation loss \(outcome.result?.validationLoss ?? .nan)")

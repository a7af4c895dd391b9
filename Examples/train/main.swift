// Trains a small network on a folder of images, saves it, and classifies two files.
import ImageLoading
import Tensors
import Training

let folder = CommandLine.arguments.dropFirst().first ?? "../data/sketches"
let workers = Workers()

var configuration = TrainingConfiguration(data: folder, model: .kitten, imageSize: 32)
configuration.batchSize = 8
configuration.epochs = 16

let images = try DatasetLoader(workers: workers)
  .load(DatasetLister.list(folder), geometry: configuration.geometry)
let data = try TrainingData(images, validationSplit: 0.25, testSplit: 0)

/// Prints the losses of every epoch.
final class Printer: TrainingObserver {
  func observe(_ event: TrainingEvent) {
    guard case .epoch(let epoch, _, let isBest) = event else { return }
    print(epoch.epoch, epoch.trainLoss, epoch.validationLoss ?? .nan, isBest ? "best" : "")
  }
}

let trainer = try Trainer(
  configuration: configuration, data: data, workers: workers, observers: [Printer()])
let outcome = try trainer.run()
try outcome.best.write(to: "best.safetensors")

let classifier = try Classifier(outcome.best, workers: workers)
let files = ["cat/cat-0001.jpg", "dog/dog-0001.jpg"].map { "\(folder)/\($0)" }
for (file, prediction) in zip(files, try classifier.predictions(for: files)) {
  let prediction = try prediction.get()
  print(file, prediction.label, prediction.probability)
}

import Foundation
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

/// What a program of one's own writes to train on a folder; only public declarations.
@Suite struct LibraryTests {
  static let sketches = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "data/sketches").path(percentEncoded: false)

  /// Counts the epochs of a run.
  final class EpochCounter: TrainingObserver {
    var epochs = 0
    func observe(_ event: TrainingEvent) {
      if case .epoch = event { epochs += 1 }
    }
  }

  @Test func `a folder is trained on, and its images are classified`() throws {
    let folder = try TemporaryFolder()
    let workers = Workers(count: 2)
    var configuration = TrainingConfiguration(model: .kitten, imageSize: 32)
    configuration.epochs = 2
    let loaded = try DatasetLoader(workers: workers).load(
      DatasetLister.list(Self.sketches), geometry: configuration.geometry)
    let data = try TrainingData(loaded)
    let recorder = try RunRecorder.create(
      in: folder.path, name: "first", configuration: configuration, data: data, workers: workers)
    let counter = EpochCounter()
    let trainer = try Trainer(
      configuration: configuration, data: data, workers: workers, recorder: recorder,
      observers: [counter])
    let outcome = try trainer.run()
    #expect(outcome.status == .finished && counter.epochs == 3)

    let classifier = try Classifier(
      Checkpoint(contentsOf: recorder.directory.bestCheckpoint), workers: workers, batchSize: 3)
    let paths = data.test.map { "\(Self.sketches)/\(loaded.images[$0].path)" }
    let answers = try classifier.predictions(
      for: ["\(folder.path)/first/run.json"] + paths + ["nowhere.png"])
    let predictions = answers.compactMap { try? $0.get() }
    #expect(answers.count == paths.count + 2 && predictions.count == paths.count)
    #expect((try? answers[0].get()) == nil && (try? answers[paths.count + 1].get()) == nil)
    let correct = zip(predictions, data.test).count { prediction, index in
      prediction.index == loaded.images[index].classIndex
    }
    #expect(Double(correct) / Double(paths.count) == outcome.result?.testAccuracy)
    #expect(predictions.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
    #expect(predictions.allSatisfy { ["cat", "dog"].contains($0.label) })
  }
}

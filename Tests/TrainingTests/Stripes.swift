import ConvNet
import Foundation
import ImageLoading
import Optimization
import Tensors
import TestSupport
import Training

/// Images that a tiny network can learn in seconds: lying and standing stripes in noise.
enum Stripes {
  static let size = 16

  static func load(_ count: Int, seed: UInt64 = 1) -> LoadedDataset {
    var images: [LoadedImage] = []
    var pixels: [UInt8] = []
    for index in 0..<count {
      let classIndex = index < count / 2 ? 0 : 1
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      let phase = Int.random(in: 0..<4, using: &generator)
      for y in 0..<size {
        for x in 0..<size {
          let isDark = ((classIndex == 0 ? y : x) + phase) / 2 % 2 == 0
          for _ in 0..<3 {
            pixels.append(UInt8((isDark ? 60 : 160) + Int.random(in: 0..<40, using: &generator)))
          }
        }
      }
      images.append(
        LoadedImage(
          path: "\(classIndex)/\(index).png", sha256: "\(seed)-\(index)", classIndex: classIndex,
          assignedPart: nil, width: size, height: size, format: .png))
    }
    let listing = DatasetListing(
      root: "stripes", layout: .classFolders, classNames: ["lying", "standing"],
      files: images.map { ImageFile(path: $0.path, classIndex: $0.classIndex) })
    return LoadedDataset(
      classNames: listing.classNames, images: images, pixels: pixels,
      report: DataReport.Log().report(listing, images, seconds: 0))
  }

  static func configuration(epochs: Int = 2) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(
      data: "stripes", model: nil,
      architecture:
        "conv 6 3x3 no-bias, pool 2, batchnorm, relu, dropout 0.1, conv 8 3x3, relu, "
        + "global-pool, flatten, dense",
      imageSize: size, optimizer: .adam)
    configuration.epochs = epochs
    configuration.batchSize = 16
    configuration.learningRate = 0.01
    return configuration
  }

  /// The same with everything random that there is.
  static func augmented(epochs: Int = 2) -> TrainingConfiguration {
    var configuration = configuration(epochs: epochs)
    configuration.augmentation = .strong
    configuration.mixing = BatchMixing(mixup: 0.4, cutmix: 1)
    return configuration
  }
}

/// One run of the loop in a folder of its own.
struct Rehearsal {
  let folder: TemporaryFolder
  let directory: RunDirectory
  let data: TrainingData
  var configuration: TrainingConfiguration
  var record: RunRecord
  var catalogues = Catalogues.standard

  init(
    _ configuration: TrainingConfiguration = Stripes.configuration(), count: Int = 120,
    images: LoadedDataset? = nil, in folder: TemporaryFolder? = nil
  ) throws {
    self.folder = try folder ?? TemporaryFolder()
    self.configuration = configuration
    data = try TrainingData(
      images ?? Stripes.load(count), validationSplit: configuration.validationSplit,
      testSplit: configuration.testSplit, seed: configuration.seed)
    directory = try RunDirectory.create(
      in: "\(self.folder.path)/runs", model: "stripes", optimizer: "adam")
    record = RunRecord(
      name: directory.name, started: .now, version: "test", command: [], threads: 1,
      configuration: configuration, data: data, parameterCount: 0)
  }

  /// Trains; after `stopAfter` steps it asks to stop, as Ctrl-C would.
  @discardableResult
  func train(
    threads: Int = 2, stopAfter: Int? = nil, resuming: ResumePoint? = nil,
    observers: [any TrainingObserver] = [], initialWeights: InitialWeights = .whitened,
    reducer: any GradientReducer = IdentityReducer(), saving: SavingInterval = .epochs,
    readings: [ClockReading]? = nil
  ) throws -> RunRecord {
    let recorder = RunRecorder(directory: directory, record: record)
    let counter = StepCounter()
    let trainer = try Trainer(
      configuration: configuration, data: data, workers: Workers(count: threads),
      recorder: recorder, observers: [counter] + observers,
      stoppingRules: [StopRequest { stopAfter.map { counter.steps >= $0 } ?? false }],
      initialWeights: initialWeights, reducer: reducer, resuming: resuming, saving: saving,
      readings: readings, catalogues: catalogues)
    trainer.requestInterval = .zero
    _ = try trainer.run()
    return recorder.record
  }

  /// What a resumed run would go on from.
  func resumePoint() throws -> ResumePoint {
    try ResumePoint(
      contentsOf: directory, optimizer: configuration.optimizer, catalogues: catalogues)
  }

  /// What was saved last.
  func state() throws -> TrainingState { try resumePoint().state }

  /// The mean loss of a network on some of the images, by cross-entropy.
  func loss(of checkpoint: Checkpoint, on indices: [Int]) throws -> Double {
    let logits = try Evaluator(
      network: checkpoint.description.makeNetwork(), normalization: data.normalization,
      workers: Workers(count: 2)
    ).logits(
      of: data.loaded, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    return Evaluation(
      logits: logits, targets: indices.map { data.loaded.images[$0].classIndex },
      classes: data.classNames
    ).loss
  }

  /// The last line of `events.jsonl` about an event.
  func event(_ name: String) throws -> [String: Any]? {
    try String(contentsOfFile: directory.events, encoding: .utf8).split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }.last { $0["event"] as? String == name }
  }

  /// The rows of all steps.
  func steps() throws -> [StepRecord] {
    try CSVTable.read(StepRecord.self, from: directory.steps)
  }

  /// A table without the column of seconds.
  func metrics() throws -> [EpochRecord] {
    try CSVTable.read(EpochRecord.self, from: directory.metrics).map {
      var row = $0
      row.seconds = 0
      return row
    }
  }
}

/// Counts the steps of one call of `Trainer.run`.
final class StepCounter: TrainingObserver {
  private(set) var steps = 0

  func observe(_ event: TrainingEvent) {
    if case .step = event { steps += 1 }
  }
}

internal import ConvNet
internal import ImageLoading
internal import LocalServer
internal import Optimization
internal import Sketches
internal import Support
internal import Synchronization
internal import Tensors
internal import Training

/// The practice set in memory: sketches of cats and dogs, drawn when they are first asked for.
final class PracticeSet: Sendable {
  /// What a state calls them.
  static let name = "sketches"
  /// Rows and columns.
  static let size = 64
  /// The fraction of a set that is never trained on and only judged at the end.
  static let testFraction = 0.2

  /// The last set; 5 MB at most.
  private let kept = Mutex<(key: Key, data: TrainingData)?>(nil)

  private struct Key: Hashable { var count: Int, validation: Double, seed: UInt64 }

  /// The sketches of a state.
  func data(of state: NetworkState) throws(FieldError) -> TrainingData {
    let key = Key(count: state.count, validation: state.validation, seed: state.seed)
    // Whoever comes meanwhile waits, and does not draw them a second time.
    let result = kept.withLock { kept in
      Result {
        if let kept, kept.key == key { return kept.data }
        let data = try TrainingData(
          Self.drawn(key), validationSplit: key.validation * (1 - Self.testFraction),
          testSplit: Self.testFraction, seed: key.seed)
        kept = (key, data)
        return data
      }
    }
    do {
      return try result.get()
    } catch {
      throw FieldError(field: "validation", message: "\(error)")
    }
  }

  private static func drawn(_ key: Key) throws(DatasetError) -> LoadedDataset {
    try LoadedDataset(
      sketches: key.count,
      by: SketchArtist(configuration: SketchConfiguration(imageSize: 96...128, seed: key.seed)),
      geometry: ImageGeometry(imageSize: size, fit: .crop), workers: Workers(count: 1))
  }
}

/// Sketches that a small convolutional network is trained on.
struct SketchSubject: Subject {
  let data: TrainingData
  let source: any SampleSource
  let inputShape = Shape(height: PracticeSet.size, width: PracticeSet.size, channels: 3)

  init(_ state: NetworkState, _ sketches: PracticeSet) throws(FieldError) {
    data = try sketches.data(of: state)
    var configuration = TrainingConfiguration(
      data: PracticeSet.name, model: nil, architecture: Self.layers(state),
      imageSize: PracticeSet.size, optimizer: .adam)
    configuration.batchSize = state.batch
    configuration.seed = state.seed
    configuration.augmentation = .none
    source = BatchSource(configuration, data: data, workers: Workers(count: 1))
  }

  func indices(of part: Split.Part) -> [Int] {
    switch part {
    case .train: data.training
    case .validation: data.validation
    case .test: data.test
    }
  }

  func count(of part: Split.Part) -> Int { indices(of: part).count }

  /// Sketches of all parts.
  var sampleCount: Int { data.loaded.images.count }

  /// Convolutions that halve the sketch, the first of large filters, which can be looked at.
  private static func layers(_ state: NetworkState) -> String {
    (state.layers.enumerated().map { place, filters in
      "conv \(filters) \(place == 0 ? "7x7" : "3x3"), batchnorm, \(state.activation), pool 2"
    } + ["flatten, dense"]).joined(separator: ", ")
  }

  func architecture(_ state: NetworkState) -> String { Self.layers(state) }

  func evaluate(
    _ part: Split.Part, _ network: Network, _ values: NetworkValues, _ objective: any Objective
  ) -> Evaluation {
    let indices = indices(of: part)
    let evaluator = Evaluator(
      network: network, normalization: data.normalization, workers: Workers(count: 1),
      batchSize: 32)
    let logits = evaluator.logits(
      of: indices.flatMap { pixels(of: $0) }, count: indices.count,
      parameters: values.parameters, statistics: values.statistics)
    return Evaluation(
      logits: logits, targets: indices.map { data.loaded.images[$0].classIndex },
      classes: data.classNames, objective: objective)
  }

  /// A sketch, 8-bit RGB.
  func pixels(of index: Int) -> ArraySlice<UInt8> {
    data.loaded.pixels[index * inputShape.count..<(index + 1) * inputShape.count]
  }
}

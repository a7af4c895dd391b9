public import ConvNet
public import ImageLoading
public import Optimization
public import Tensors

/// The training images of a run as batches: ordered, read, resized, augmented and mixed.
///
/// A batch is a function of the run's seed, the epoch and the step, so a resumed run sees the same
/// batches. The order of an epoch does not depend on the size of its images.
public struct BatchSource: Sendable {
  /// Images per step.
  public let batchSize: Int
  /// Steps in an epoch; the last may have fewer images.
  public let stepsPerEpoch: Int

  let data: TrainingData
  let configuration: TrainingConfiguration
  let workers: Workers
  private let assemblers: [Int: BatchAssembler]
  fileprivate let resized: ResizedImages

  /// Creates the source of the batches that a configuration describes.
  public init(_ configuration: TrainingConfiguration, data: TrainingData, workers: Workers) {
    self.configuration = configuration
    self.data = data
    self.workers = workers
    resized = ResizedImages(data, workers: workers)
    batchSize = min(configuration.batchSize, data.training.count)
    stepsPerEpoch = configuration.stepsPerEpoch(trainingCount: data.training.count)
    assemblers = Dictionary(
      uniqueKeysWithValues: configuration.allImageSizes.map { size in
        (
          size,
          BatchAssembler(
            imageSize: size, sourceSize: configuration.sourceSize(ofImagesOf: size),
            normalization: data.normalization, workers: workers)
        )
      })
  }

  /// The training images in the order of an epoch, as indices into the loaded dataset.
  ///
  /// Balanced, an epoch has as many images as otherwise, but the same number of every class: a
  /// class of few images repeats them, one of many takes turns over the epochs.
  public func order(ofEpoch epoch: Int) -> [Int] {
    var generator = SeededGenerator(orderOfEpoch: epoch, seed: configuration.seed)
    guard configuration.balance == true else { return data.training.shuffled(using: &generator) }
    let classes = Dictionary(grouping: data.training) { data.loaded.images[$0].classIndex }
      .sorted { $0.key < $1.key }.map(\.value)
    let count = data.training.count
    return classes.enumerated().flatMap { place, images in
      // What does not divide evenly goes to the first classes.
      let share = (count + classes.count - 1 - place) / classes.count
      return (0..<share).map { images[(epoch * share + $0) % images.count] }
    }.shuffled(using: &generator)
  }

  /// The batches of an epoch.
  ///
  /// - Parameters:
  ///   - position: Where the epoch begins in the run, 0 to 1, which decides the size of its images
  ///     and whether they are mixed; nil for a run of epochs.
  ///   - step: The first batch to return.
  ///   - mixes: Whether images are mixed if the configuration says so.
  public func batches(
    ofEpoch epoch: Int, at position: Double? = nil, fromStep step: Int = 0, mixes: Bool = true
  ) -> Batches {
    let position = position ?? Double(epoch) / Double(configuration.epochs)
    let all = order(ofEpoch: epoch).batches(of: configuration.batchSize)
    return Batches(
      source: self, epoch: epoch, imageSize: configuration.imageSize(at: position), all: all,
      steps: min(step, all.count)..<all.count,
      mixing: mixes ? configuration.mixing(at: position) : nil)
  }

  /// The seed of dropout where no step is taken.
  var dropoutSeed: UInt64 { RandomStream.dropout.seed(configuration.seed) }

  /// Writes images of the final size as they are, without augmentation.
  func assemble(_ images: ImageBatch, place: Int, into region: FloatRegion) {
    assembler(ofSize: configuration.imageSize)
      .assemble(pixels: images.pixels, indices: [images.places[place]], into: region)
  }

  func assembler(ofSize size: Int) -> BatchAssembler {
    guard let assembler = assemblers[size] else {
      preconditionFailure("images of \(size) pixels, prepared are \(assemblers.keys.sorted())")
    }
    return assembler
  }
}

extension BatchSource {
  /// The samples and targets of one step.
  public struct Batch: Sendable {
    /// Indices of the images in the loaded dataset.
    public let samples: [Int]
    /// The labels, mixed as the images are.
    public let targets: Targets
  }

  /// The batches of one epoch, read in advance.
  public struct Batches {
    fileprivate let source: BatchSource
    fileprivate let epoch: Int
    /// Rows and columns of the images.
    public let imageSize: Int
    /// The samples of every batch of the epoch.
    fileprivate let all: [[Int]]
    fileprivate var steps: Range<Int>
    fileprivate let mixing: BatchMixing?
    /// Begins with the first batch.
    private var reader: BatchReader?

    fileprivate init(
      source: BatchSource, epoch: Int, imageSize: Int, all: [[Int]], steps: Range<Int>,
      mixing: BatchMixing?
    ) {
      (self.source, self.epoch, self.imageSize) = (source, epoch, imageSize)
      (self.all, self.steps, self.mixing) = (all, steps, mixing)
    }

    /// Writes the images of the next batch that this process needs, normalized.
    ///
    /// - Parameter execution: Of `imageSize`; always the same one.
    /// - Returns: The samples and labels of the whole batch; nil when the epoch is over.
    /// - Throws: `DatasetError.changed` if a file has changed.
    public mutating func next(into execution: Execution) throws(DatasetError) -> Batch? {
      try next(into: execution.input, needing: execution.images(ofBatch:))
    }

    /// Writes the images of the next batch, batch × height × width × 3, normalized.
    ///
    /// - Parameters:
    ///   - region: Has room for `batchSize` images of `imageSize`.
    ///   - needed: The images that are wanted of a batch of some number; others are undefined.
    /// - Returns: The samples and labels of the whole batch; nil when the epoch is over.
    /// - Throws: `DatasetError.changed` if a file has changed.
    public mutating func next(
      into region: FloatRegion, needing needed: (_ count: Int) -> Range<Int> = { 0..<$0 }
    ) throws(DatasetError) -> Batch? {
      if reader == nil {
        reader = BatchReader(
          source.data.loaded,
          batches: steps.map { step in places(needed, step).map { all[step][$0] } })
      }
      guard let step = steps.popFirst(), let read = try reader?.next() else { return nil }
      let (configuration, samples) = (source.configuration, all[step])
      let images = try source.resized.resize(
        read, from: configuration.imageSize,
        to: configuration.sourceSize(ofImagesOf: imageSize))
      var targets = Targets(
        samples.map { source.data.loaded.images[$0].classIndex },
        classCount: source.data.classNames.count)
      source.assembler(ofSize: imageSize).assemble(
        pixels: images.pixels, indices: images.places, samples: images.samples,
        places: places(needed, step), into: region,
        augmentation: configuration.augmentation.settings,
        seed: RandomStream.augmentation.seed(configuration.seed), epoch: epoch)
      if let plan = plan(step) {
        plan.of(needed(samples.count))
          .apply(to: region, imageSize: imageSize, workers: source.workers)
        targets.mix(plan.pairs, keeping: plan.kept)
      }
      return Batch(samples: samples, targets: targets)
    }

    /// The places in a batch of the images that are needed, and of those they are mixed with.
    private func places(_ needed: (_ count: Int) -> Range<Int>, _ step: Int) -> [Int] {
      let (count, own) = (all[step].count, needed(all[step].count))
      guard own.count < count, let pairs = plan(step)?.of(own).pairs else { return Array(own) }
      return Set(pairs.flatMap { [$0.0, $0.1] }).union(own).sorted()
    }

    /// How the batch of a step is mixed, if it is.
    private func plan(_ step: Int) -> BatchMixing.Plan? {
      mixing?.plan(
        seed: RandomStream.mixing.seed(source.configuration.seed, epoch: epoch, step: step),
        count: all[step].count, imageSize: imageSize)
    }
  }
}

extension TrainingConfiguration {
  /// Rows and columns of the images from which training images of a size are sampled.
  ///
  /// A crop is taken from a larger image if there is one, but one not so large that sampling it
  /// would leave out pixels.
  fileprivate func sourceSize(ofImagesOf size: Int) -> Int {
    guard augmentation.settings.interpolates, size < imageSize else { return size }
    return min(imageSize, size * 3 / 2)
  }
}

extension SeededGenerator {
  /// What shuffles the samples of an epoch.
  init(orderOfEpoch epoch: Int, seed: UInt64) {
    self.init(seed: seed, stream: RandomStream.order.rawValue, UInt64(epoch))
  }
}

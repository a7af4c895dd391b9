internal import ConvNet
internal import ImageLoading
internal import Support
public import Tensors

/// Trains networks on more and more of the images, to see what more would bring.
///
/// Every training makes the same choices with fewer images. A pass is a pass over those images;
/// few images are seen in more passes, so that they are learned as well as many are. Processes
/// share the trainings.
public struct LearningCurveExperiment: Sendable {
  /// Numbers of training images, ascending; each is half of the next.
  public let sizes: [Int]
  /// Trainings of each size: other images, other initial weights.
  public let draws: Int
  /// All images are this many times those of each size.
  private let divisors: [Int]
  private let configuration: TrainingConfiguration
  private let data: TrainingData

  /// The fewest images of the smallest size.
  public static let fewestImages = 20

  /// Prepares the trainings.
  ///
  /// - Parameters:
  ///   - configuration: The choices of the training with all images, which is one of epochs.
  ///   - data: Images for validation and test judge the networks together: nothing is chosen by
  ///     either.
  ///   - sizeCount: How many sizes, at least `LearningCurve.fewestSizes`.
  ///   - draws: Trainings of each size, at least 1.
  /// - Throws: `TrainingError.tooFewImages` if the smallest size would be below `fewestImages` or
  ///   two images a class, or if no image is held out.
  public init(
    _ configuration: TrainingConfiguration, data: TrainingData, sizeCount: Int = 5, draws: Int = 2
  ) throws(TrainingError) {
    precondition(
      configuration.budget == nil && sizeCount >= LearningCurve.fewestSizes && draws >= 1,
      "a curve of \(sizeCount) sizes and \(draws) draws, budget \(configuration.budget ?? 0)")
    self.configuration = configuration
    self.data = data
    self.draws = draws
    divisors = (0..<sizeCount).reversed().map { 1 << $0 }
    sizes = divisors.map { data.training(divisor: $0, seed: 0).count }
    let least = max(Self.fewestImages, 2 * data.classNames.count)
    guard sizes[0] >= least else {
      throw .tooFewImages(
        "\(data.training.count) images to train on are too few: of \(sizeCount) sizes, each half "
          + "of the next, the smallest is \(sizes[0]), expected \(least) or more; add images"
          + (sizeCount > LearningCurve.fewestSizes
            ? ", or take \(LearningCurve.fewestSizes) sizes" : ""))
    }
    guard !heldOut.isEmpty else {
      throw .tooFewImages("no image is held out to judge the networks by; hold some out")
    }
  }

  /// The images that judge the networks.
  private var heldOut: [Int] { data.validation + data.test }

  /// Images that all trainings see together, counted once for each pass.
  public var work: Int { draws * sizes.reduce(0) { $0 + work(of: $1) } }

  private func work(of size: Int) -> Int { size * epochs(of: size) }

  /// Passes over so many images.
  public func epochs(of size: Int) -> Int {
    Self.epochs(of: size, whereAll: data.training.count, have: configuration.epochs)
  }

  private static func epochs(of size: Int, whereAll count: Int, have epochs: Int) -> Int {
    let least = min(Recipe.leastImages, Double(epochs * count))
    return max(epochs, Int((least / Double(size)).rounded()))
  }

  /// The most passes over all images with which all trainings together see no more than some
  /// number of images; at least 1.
  public static func epochs(
    forWork work: Double, trainingCount: Int, sizeCount: Int, draws: Int
  ) -> Int {
    let sizes = (0..<sizeCount).map { max(1, trainingCount >> $0) }
    func isAffordable(_ epochs: Int) -> Bool {
      let seen = sizes.reduce(0) {
        $0 + $1 * self.epochs(of: $1, whereAll: trainingCount, have: epochs)
      }
      return Double(draws * seen) <= work
    }
    let most = max(1, Int(work / Double(draws * trainingCount)))
    return (1...most).last(where: isAffordable) ?? 1
  }

  /// Trains all networks.
  ///
  /// - Parameters:
  ///   - progress: Is told after every step how much of `work` is done.
  ///   - measured: Is told each point.
  /// - Throws: What `Trainer` throws.
  public func run(
    workers: Workers, progress: @escaping (Int) -> Void = { _ in },
    measured: (LearningCurve.Point) -> Void = { _ in }
  ) throws -> LearningCurve {
    let trainings = sizes.indices.flatMap { size in (1...draws).map { (size: size, draw: $0) } }
    let points = try workers.shareTasks(trainings.count, ended: measured) { task in
      let (size, draw) = trainings[task]
      let before = trainings[..<task].reduce(0) { $0 + work(of: sizes[$1.size]) }
      let observer = LastNetwork { [work = work(of: sizes[size])] position in
        progress(before + Int(position * Double(work)))
      }
      return try train(divisor: divisors[size], draw, workers.alone, observer)
    }
    return LearningCurve(points: points)
  }

  private func train(
    divisor: Int, _ draw: Int, _ workers: Workers, _ observer: LastNetwork
  ) throws -> LearningCurve.Point {
    var configuration = configuration
    configuration.seed = configuration.seed &+ UInt64(draw - 1)
    let images = data.training(divisor: divisor, seed: configuration.seed)
    configuration.epochs = epochs(of: images.count)
    let (network, evaluator) = try data.train(
      on: images, configuration, workers, observer: observer)
    let hits = try evaluator.hits(
      of: data.loaded, indices: heldOut, network,
      targets: heldOut.map { data.loaded.images[$0].classIndex })
    return LearningCurve.Point(imageCount: images.count, draw: draw, isWrong: hits.map { !$0 })
  }
}

extension TrainingData {
  /// The same fraction of the training images of every class, at least one, drawn anew for each
  /// seed.
  fileprivate func training(divisor: Int, seed: UInt64) -> [Int] {
    guard divisor > 1 else { return training }
    let classes = Dictionary(grouping: training) { loaded.images[$0].classIndex }
      .sorted { $0.key < $1.key }
    return classes.flatMap { classIndex, images in
      var generator = SeededGenerator(
        seed: seed, stream: RandomStream.subset.rawValue, UInt64(classIndex))
      let count = max(1, Int((Double(images.count) / Double(divisor)).rounded()))
      return images.shuffled(using: &generator).prefix(count)
    }.sorted()
  }
}

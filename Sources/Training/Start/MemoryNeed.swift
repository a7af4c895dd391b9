public import ConvNet
internal import ImageLoading
internal import Optimization
public import Tensors

/// The memory of a run besides its images, bytes.
public struct MemoryNeed: Sendable {
  /// Passes of training, and of evaluation.
  public let training: Int, evaluation: Int
  /// The vectors of the parameters, the gradient and the optimizer, and the copies of them that are
  /// evaluated and saved.
  public let vectors: Int

  /// All of it: training and evaluation take turns.
  public var total: Int { max(training, evaluation) + vectors }
}

extension TrainingConfiguration {
  /// How much memory training takes, with as many images, in the memory that `workers` allow or in
  /// the least possible.
  ///
  /// - Throws: `ArchitectureError` if the network does not fit an image size.
  public func memoryNeed(
    classCount: Int, trainingCount: Int, workers: Workers, catalogues: Catalogues = .standard
  ) throws(ArchitectureError) -> MemoryNeed {
    let network = try makeNetwork(classCount: classCount, catalogues: catalogues)
    let layout = network.parameterLayout
    let remembered = optimizer.makeOptimizer(layout: layout).memoryNames.count
    var passes = 0
    for size in allImageSizes {
      let sized = try Network(network.architecture, imageSize: size, classCount: classCount)
      passes = max(
        passes,
        sized.executionBytes(
          batchSize: max(1, min(batchSize, trainingCount)), workers: workers, trains: true,
          convolution: convolution, precision: productPrecision))
    }
    let evaluation = network.executionBytes(
      batchSize: Evaluator.batchSize, workers: workers, trains: false, convolution: convolution,
      precision: productPrecision)
    // What is trained, what to go back to and what is being saved, each with what the optimizer
    // remembers, and the gradient; the best network is mostly one of these.
    let vectors = layout.count * (4 + 3 * remembered) + network.statisticLayout.count * 6
    return MemoryNeed(
      training: passes, evaluation: evaluation, vectors: vectors * MemoryLayout<Float>.stride)
  }

  /// Refuses a network that does not fit into memory, before anything is reserved or written.
  ///
  /// - Throws: `ArchitectureError` if it does not fit, `.outOfMemory` with the number of bytes.
  public func requireMemory(
    classCount: Int, trainingCount: Int, workers: Workers, catalogues: Catalogues = .standard
  ) throws(ArchitectureError) {
    let need = try memoryNeed(
      classCount: classCount, trainingCount: trainingCount, workers: workers,
      catalogues: catalogues)
    try Network.requireMemory(
      need.total, workers: workers,
      remedy: "lower --batch-size (\(batchSize)) or --image-size (\(imageSize)), or use a smaller "
        + "network")
  }
}

extension Network {
  /// Refuses a network that does not fit into memory in inference, with any precision.
  ///
  /// - Throws: `ArchitectureError.outOfMemory` with the number of bytes.
  public func requireMemory(
    toEvaluate batchSize: Int, workers: Workers
  ) throws(ArchitectureError) {
    try Self.requireMemory(
      executionBytes(batchSize: batchSize, workers: workers, trains: false), workers: workers,
      remedy: "use a checkpoint with smaller images than \(inputShape.width) pixels, or a smaller "
        + "network")
  }
}

public import ConvNet
internal import ImageLoading
internal import Optimization
public import Tensors

extension TrainingConfiguration {
  /// Refuses a network that does not fit into memory, before anything is reserved or written.
  ///
  /// Counted are passes of training and evaluation, the vectors of the parameters, the gradient
  /// and the optimizer, and the copies of them that are evaluated and saved.
  ///
  /// - Throws: `ArchitectureError` if it does not fit, `.outOfMemory` with the number of bytes.
  public func requireMemory(
    classCount: Int, trainingCount: Int, workers: Workers, catalogues: Catalogues = .standard
  ) throws(ArchitectureError) {
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
    // Parameters, gradient, the evaluated and the best network; the states to go back to.
    let vectors = layout.count * (6 + 3 * remembered) + network.statisticLayout.count * 6
    try Network.requireMemory(
      passes + evaluation + vectors * MemoryLayout<Float>.stride, workers: workers,
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

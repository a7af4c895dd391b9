public import ConvNet
public import ImageLoading
public import Tensors

/// Runs decoded images through a network, without augmentation or dropout.
public final class Evaluator {
  /// Images that are run at once unless another number is given.
  public static let batchSize = 64

  private let execution: Execution
  private let assembler: BatchAssembler
  private let batchSize: Int
  private let averagesMirrored: Bool

  /// Reserves memory for batches.
  ///
  /// - Parameter averagesMirrored: Whether the logits of an image are the means of its own and
  ///   those of its mirror image, which takes twice the time.
  public init(
    network: Network, normalization: Normalization, workers: Workers,
    batchSize: Int = Evaluator.batchSize, averagesMirrored: Bool = false,
    convolution: ConvolutionAlgorithm = .automatic, precision: Precision = .float32
  ) {
    self.batchSize = batchSize
    self.averagesMirrored = averagesMirrored
    execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: false,
      convolution: convolution, precision: precision)
    assembler = BatchAssembler(
      imageSize: network.inputShape.width,
      normalization: normalization, workers: workers)
  }

  /// Reserves memory for batches of a trained network.
  ///
  /// - Parameter precision: What products multiply; by default what they did in training.
  public convenience init(
    _ description: ModelDescription, network: Network, workers: Workers,
    batchSize: Int = Evaluator.batchSize, averagesMirrored: Bool = false,
    precision: Precision? = nil
  ) {
    self.init(
      network: network, normalization: description.normalization, workers: workers,
      batchSize: batchSize, averagesMirrored: averagesMirrored,
      precision: precision ?? description.productPrecision)
  }

  /// Reserves memory to evaluate a network with the convolutions and products of its training.
  convenience init(
    _ configuration: TrainingConfiguration, network: Network, normalization: Normalization,
    workers: Workers
  ) {
    self.init(
      network: network, normalization: normalization, workers: workers,
      convolution: configuration.convolution, precision: configuration.productPrecision)
  }

  /// The logits of images, in the order of `indices`.
  ///
  /// - Parameters:
  ///   - data: Images of the network's size.
  ///   - indices: The indices of the images to run.
  /// - Returns: `indices.count` × classes.
  /// - Throws: `DatasetError.changed` if an image that is read again has changed.
  public func logits(
    of data: LoadedDataset, indices: [Int], parameters: ParameterVector, statistics: ParameterVector
  ) throws(DatasetError) -> [Float] {
    try outputs(
      of: data, indices: indices, parameters: parameters, statistics: statistics,
      withFeatures: false
    ).logits
  }

  /// The logits of images and the features that they come from, in the order of `indices`.
  ///
  /// - Parameter withFeatures: Whether features are kept, which takes memory.
  /// - Throws: `DatasetError.changed` if an image that is read again has changed.
  public func outputs(
    of data: LoadedDataset, indices: [Int], parameters: ParameterVector,
    statistics: ParameterVector, withFeatures: Bool = true
  ) throws(DatasetError) -> NetworkOutputs {
    let batches = indices.batches(of: batchSize)
    var reader = BatchReader(
      data, batches: batches.map { Array($0[execution.images(ofBatch: $0.count)]) })
    // Parameters that are trained further change in place, and training needs the memory.
    defer { execution.releaseMemory() }
    var found = (logits: [Float](), features: [Float]())
    for batch in batches {
      let own = try reader.next()
      let some = run(
        own.pixels, own.places, of: batch.count, parameters, statistics,
        withFeatures: withFeatures)
      found.logits += some.logits
      found.features += some.features
    }
    return outputs(found)
  }

  /// Whether a network gives each of some images its own class, in the order of `indices`.
  ///
  /// - Parameters:
  ///   - checkpoint: Of the evaluator's network.
  ///   - targets: For each index, the place of its class among those of the network.
  /// - Throws: `DatasetError.changed` if an image that is read again has changed.
  public func hits(
    of data: LoadedDataset, indices: [Int], _ checkpoint: Checkpoint, targets: [Int]
  ) throws(DatasetError) -> [Bool] {
    try outputs(
      of: data, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics, withFeatures: false
    ).hits(targets)
  }

  /// The logits of images of the network's size, one after another, 8-bit RGB.
  ///
  /// - Returns: `count` × classes.
  public func logits(
    of pixels: [UInt8], count: Int, parameters: ParameterVector, statistics: ParameterVector
  ) -> [Float] {
    outputs(
      of: pixels, count: count, parameters: parameters, statistics: statistics,
      withFeatures: false
    ).logits
  }

  /// The logits of images of the network's size and the features that they come from.
  func outputs(
    of pixels: [UInt8], count: Int, parameters: ParameterVector, statistics: ParameterVector,
    withFeatures: Bool
  ) -> NetworkOutputs {
    var found = (logits: [Float](), features: [Float]())
    for places in Array(0..<count).batches(of: batchSize) {
      let some = run(
        pixels, Array(places[execution.images(ofBatch: places.count)]), of: places.count,
        parameters, statistics, withFeatures: withFeatures)
      found.logits += some.logits
      found.features += some.features
    }
    return outputs(found)
  }

  private func outputs(_ found: (logits: [Float], features: [Float])) -> NetworkOutputs {
    let classCount = execution.network.classCount
    let count = max(1, found.logits.count / classCount)
    return NetworkOutputs(
      logits: found.logits, features: found.features, classCount: classCount,
      featureCount: found.features.count / count)
  }

  /// Runs a batch; mirrored images count half, in features too.
  ///
  /// - Parameter places: Where in `pixels` those images of the batch are that this process needs.
  private func run(
    _ pixels: [UInt8], _ places: [Int], of count: Int, _ parameters: ParameterVector,
    _ statistics: ParameterVector, withFeatures: Bool
  ) -> (logits: [Float], features: [Float]) {
    var statistics = statistics
    func outputs(isMirrored: Bool) -> (logits: [Float], features: [Float]) {
      assembler.assemble(
        pixels: pixels, indices: places, places: Array(execution.images(ofBatch: count)),
        into: execution.input, isMirrored: isMirrored)
      let logits = execution.forward(
        count: count, parameters: parameters, statistics: &statistics, phase: .inference)
      return (logits, withFeatures ? execution.features : [])
    }
    let own = outputs(isMirrored: false)
    guard averagesMirrored else { return own }
    let mirrored = outputs(isMirrored: true)
    func mean(_ part: KeyPath<(logits: [Float], features: [Float]), [Float]>) -> [Float] {
      zip(own[keyPath: part], mirrored[keyPath: part]).map { ($0 + $1) / 2 }
    }
    return (mean(\.logits), mean(\.features))
  }
}

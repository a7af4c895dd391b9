public import ConvNet
public import ImageLoading
internal import Support
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
    convolution: ConvolutionAlgorithm = .automatic
  ) {
    self.batchSize = batchSize
    self.averagesMirrored = averagesMirrored
    execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: false,
      convolution: convolution)
    assembler = BatchAssembler(
      imageSize: network.inputShape.width,
      normalization: normalization, workers: workers)
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
    let batches = indices.batches(of: batchSize)
    var reader = BatchReader(data, batches: batches)
    var logits: [Float] = []
    for _ in batches {
      let batch = try reader.next()
      logits += self.logits(
        of: batch.pixels, places: batch.places, parameters: parameters, statistics: statistics)
    }
    return logits
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
    let logits = try logits(
      of: data, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
    let count = checkpoint.description.classes.count
    return targets.enumerated().map { place, target in
      logits[place * count..<(place + 1) * count].offsetOfLargest == target
    }
  }

  /// The logits of images of the network's size, one after another, 8-bit RGB.
  ///
  /// - Returns: `count` × classes.
  public func logits(
    of pixels: [UInt8], count: Int, parameters: ParameterVector, statistics: ParameterVector
  ) -> [Float] {
    Array(0..<count).batches(of: batchSize).flatMap {
      logits(of: pixels, places: $0, parameters: parameters, statistics: statistics)
    }
  }

  private func logits(
    of pixels: [UInt8], places: [Int], parameters: ParameterVector, statistics: ParameterVector
  ) -> [Float] {
    var statistics = statistics
    func logits(isMirrored: Bool) -> [Float] {
      assembler.assemble(
        pixels: pixels, indices: places, into: execution.input, isMirrored: isMirrored)
      return execution.forward(
        count: places.count, parameters: parameters, statistics: &statistics, phase: .inference)
    }
    let own = logits(isMirrored: false)
    guard averagesMirrored else { return own }
    return zip(own, logits(isMirrored: true)).map { ($0 + $1) / 2 }
  }
}

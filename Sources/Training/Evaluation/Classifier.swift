public import ConvNet
public import ImageLoading
public import Tensors

/// A trained network that classifies image files.
public final class Classifier {
  /// Class names in the order of the logits.
  public let classes: [String]

  private let checkpoint: Checkpoint
  private let evaluator: Evaluator
  private let reader: ImageReader
  private let batchSize: Int
  private let alwaysAnswers: Bool

  /// Prepares a checkpoint for use.
  ///
  /// - Parameters:
  ///   - averagesMirrored: Whether each image is averaged with its mirror image.
  ///   - alwaysAnswers: Whether the checkpoint's rule for what it does not know is left out.
  ///   - batchSize: Images that are classified at once; memory is reserved for them.
  ///   - precision: What products multiply; by default what they did in training.
  ///   - catalogues: Where the checkpoint's layers are looked up.
  /// - Throws: `ArchitectureError` if the checkpoint's layers cannot be read, or the network does
  ///   not fit into memory.
  public init(
    _ checkpoint: Checkpoint, workers: Workers, batchSize: Int = 16,
    averagesMirrored: Bool = false, alwaysAnswers: Bool = false, precision: Precision? = nil,
    catalogues: Catalogues = .standard
  ) throws(ArchitectureError) {
    self.batchSize = batchSize
    self.checkpoint = checkpoint
    self.alwaysAnswers = alwaysAnswers
    classes = checkpoint.description.classes
    let network = try checkpoint.description.makeNetwork(catalogues: catalogues)
    try network.requireMemory(toEvaluate: batchSize, workers: workers)
    evaluator = Evaluator(
      checkpoint.description, network: network, workers: workers, batchSize: batchSize,
      averagesMirrored: averagesMirrored, precision: precision)
    reader = ImageReader(geometry: checkpoint.description.geometry, workers: workers)
  }

  /// Classifies image files, a few at a time, so that memory stays bounded.
  ///
  /// - Parameter paths: JPEG or PNG files.
  /// - Returns: For each file, its prediction or the reason why it cannot be read.
  /// - Throws: `DatasetError.shortage` where the process or the machine lacks what reading takes.
  public func predictions(
    for paths: [String]
  ) throws(DatasetError) -> [Result<Prediction, ImageReader.Reason>] {
    var predictions: [Result<Prediction, ImageReader.Reason>] = []
    for start in stride(from: 0, to: paths.count, by: batchSize) {
      let some = Array(paths[start..<min(start + batchSize, paths.count)])
      predictions += classify(try reader.read(some))
    }
    return predictions
  }

  private func classify(
    _ images: [Result<ImageReader.Image, ImageReader.Reason>]
  ) -> [Result<Prediction, ImageReader.Reason>] {
    var predictions = predictions(of: images.compactMap { try? $0.get().pixels })[...]
    return images.map { image in image.map { _ in predictions.removeFirst() } }
  }

  /// Classifies images that have been decoded.
  ///
  /// - Parameter images: Of the network's size, size × size × 3 bytes each.
  public func predictions(of images: [[UInt8]]) -> [Prediction] {
    let outputs = evaluator.outputs(
      of: images.flatMap(\.self), count: images.count, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics,
      withFeatures: !alwaysAnswers && checkpoint.description.answering != nil)
    return checkpoint.description.predictions(outputs, alwaysAnswers: alwaysAnswers)
  }
}

internal import ConvNet
public import ImageLoading
internal import Optimization
internal import Support
public import Tensors

/// The mean loss of a network on some images, at any place in the space of its values.
///
/// Images are not augmented and are decoded once; nothing is allocated from place to place but the
/// logits.
public final class LossSurface {
  /// Images that the loss is a mean over.
  public let imageCount: Int
  /// The loss of giving every class the same logit.
  public let guessingLoss: Double
  private let execution: Execution
  private let objective: any Objective
  private let targets: [Int]
  /// The normalized images of each batch.
  private let batches: [FloatRegion]
  private var values: NetworkValues

  /// Prepares the images.
  ///
  /// - Parameters:
  ///   - description: How the network is used, and the objective it was trained with.
  ///   - values: A point in its space.
  ///   - data: Images of the network's size.
  ///   - indices: The images to use, at least one.
  ///   - targets: The class of each.
  ///   - catalogues: Where the network's layers are looked up.
  /// - Throws: `ArchitectureError` or `ChoiceError` for what cannot be used, `DatasetError.changed`
  ///   if an image that is read again has changed.
  public init(
    _ description: ModelDescription, at values: NetworkValues, data: LoadedDataset,
    indices: [Int], targets: [Int], workers: Workers, catalogues: Catalogues = .standard
  ) throws {
    precondition(
      !indices.isEmpty && indices.count == targets.count,
      "\(indices.count) images with \(targets.count) classes")
    let network = try description.makeNetwork(catalogues: catalogues)
    // As they are evaluated, so that losses are equal to the last bit.
    let batchSize = Evaluator.batchSize
    execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: false)
    objective = try (description.objective ?? .crossEntropy).makeObjective(
      classCount: description.classes.count)
    self.targets = targets
    guessingLoss = Double(
      objective.evaluate(
        logits: [Float](repeating: 0, count: targets.count * network.classCount), targets: targets
      ).loss)
    self.values = values
    imageCount = indices.count
    let assembler = BatchAssembler(
      imageSize: network.inputShape.width, normalization: description.normalization,
      workers: workers)
    let parts = indices.batches(of: batchSize)
    var reader = BatchReader(data, batches: parts)
    let arena = Arena(pieces: parts.map { $0.count * network.inputShape.count })
    var batches: [FloatRegion] = []
    for part in parts {
      let images = try reader.next()
      let region = arena.piece(part.count * network.inputShape.count)
      assembler.assemble(pixels: images.pixels, indices: images.places, into: region)
      batches.append(region)
    }
    self.batches = batches
  }

  /// The mean loss at a place of a plane; NaN or infinity where the network overflows.
  public func loss(in plane: LossPlane, x: Double, y: Double) -> Double {
    plane.move(&values, toX: x, y: y)
    return loss
  }

  /// The mean loss at a place of a plane, and the fraction of the images that are classified
  /// correctly, 0…1; both NaN where the network overflows.
  public func evaluation(
    in plane: LossPlane, x: Double, y: Double
  ) -> (loss: Double, accuracy: Double) {
    plane.move(&values, toX: x, y: y)
    let logits = logits
    guard logits.allSatisfy(\.isFinite) else { return (.nan, .nan) }
    let classCount = execution.network.classCount
    let correct = targets.enumerated().count { image, target in
      logits[image * classCount..<(image + 1) * classCount].offsetOfLargest == target
    }
    return (loss(of: logits), Double(correct) / Double(imageCount))
  }

  /// The mean loss at a point.
  public func loss(at point: NetworkValues) -> Double {
    values = point
    return loss
  }

  private var loss: Double {
    let logits = logits
    return logits.allSatisfy(\.isFinite) ? loss(of: logits) : .nan
  }

  private func loss(of logits: [Float]) -> Double {
    Double(objective.evaluate(logits: logits, targets: targets).loss)
  }

  /// Those of all images for the current values.
  private var logits: [Float] {
    var logits: [Float] = []
    logits.reserveCapacity(targets.count * execution.network.classCount)
    let size = execution.network.inputShape.count
    // The next place is reached by moving these values.
    defer { execution.releaseValues() }
    for batch in batches {
      execution.input[0..<batch.count].copy(from: batch)
      logits += execution.forward(
        count: batch.count / size, parameters: values.parameters, statistics: &values.statistics,
        phase: .inference)
    }
    return logits
  }
}

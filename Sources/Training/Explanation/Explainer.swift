public import ConvNet
internal import ImageLoading
internal import Support
public import Tensors

/// Asks a trained network what it looks at.
///
/// Scores and maps are those of inference. Occlusion and integrated gradients put the mean color of
/// the training images in the place of what they take away: it is zero once normalized, so neither
/// dark nor bright objects count as absent.
public final class Explainer {
  /// The network.
  public let network: Network
  /// Class names in the order of the logits.
  public let classes: [String]
  /// Logits are divided by it before they become probabilities.
  private let temperature: Float
  /// Where and how finely it is asked.
  public var options: Options
  /// Its parameters and statistics.
  public private(set) var values: NetworkValues
  private let normalization: Normalization
  private let workers: Workers
  private lazy var tracer = NetworkTracer(network: network, batchSize: 1, workers: workers)
  lazy var gradients = Execution(
    network: network, batchSize: Self.gradientBatch, workers: workers, trains: true,
    differentiatesInput: true)
  lazy var inference = Execution(
    network: network, batchSize: Self.inferenceBatch, workers: workers, trains: false)

  static let gradientBatch = 16, inferenceBatch = 32

  /// Where and how finely a network is asked.
  public struct Options: Hashable, Sendable {
    /// The layer of class activation maps, counted from 0.
    public var layer: Int
    /// Rows and columns of the patch that occlusion moves over the image, and its step; pixels.
    public var patch: Int, stride: Int
    /// Steps of integrated gradients; nil for as many as completeness takes.
    public var steps: Int?
  }

  /// Prepares a checkpoint.
  ///
  /// The layer is the last whose map has 4 × 4 places or more, a patch an eighth of the image, and
  /// its step half of it.
  ///
  /// - Throws: `ArchitectureError` if the checkpoint's layers cannot be read, or the network does
  ///   not fit into memory.
  public init(
    _ checkpoint: Checkpoint, workers: Workers, catalogues: Catalogues = .standard
  ) throws(ArchitectureError) {
    network = try checkpoint.description.makeNetwork(catalogues: catalogues)
    classes = checkpoint.description.classes
    temperature = checkpoint.description.temperature ?? 1
    normalization = checkpoint.description.normalization
    values = NetworkValues(checkpoint)
    self.workers = workers
    let size = network.inputShape.width
    let patch = max(1, size / 8)
    options = Options(
      layer: Self.usualLayer(of: network) ?? 0, patch: patch, stride: max(1, patch / 2))
    try network.requireMemory(toEvaluate: Self.inferenceBatch, workers: workers)
    try Network.requireMemory(
      network.executionBytes(batchSize: Self.gradientBatch, workers: workers, trains: true),
      workers: workers, remedy: "use a checkpoint with smaller images than \(size) pixels")
  }

  /// The layers whose output has more than one place.
  public var mapLayers: [Int] {
    network.layers.indices.filter { network.shapes[$0 + 1].pixelCount > 1 }
  }

  private static func usualLayer(of network: Network) -> Int? {
    func last(side: Int) -> Int? {
      network.layers.indices.last {
        min(network.shapes[$0 + 1].height, network.shapes[$0 + 1].width) >= side
      }
    }
    return last(side: 4) ?? last(side: 2)
  }

  /// What the network gets of an image of its size, 8-bit RGB.
  ///
  /// - Returns: Size × size × 3, normalized.
  public func input(of pixels: [UInt8]) -> [Float] {
    let assembler = BatchAssembler(
      imageSize: network.inputShape.width, normalization: normalization, workers: workers)
    let count = network.inputShape.count
    let region = Arena(pieces: [count]).piece(count)
    assembler.assemble(pixels: pixels, indices: [0], into: region)
    return region.array
  }

  /// The network's answer for an input.
  public func prediction(for image: [Float]) -> Prediction {
    Prediction(classes: classes, logits: logits(of: [image])[0], temperature: temperature)
  }

  /// All that the network computes for an input, and how its score depends on it.
  public func trace(_ image: [Float], _ target: ExplanationTarget) -> NetworkTrace {
    tracer.trace(
      images: image, parameters: values.parameters, statistics: values.statistics
    ) { target.gradient($0[...]) }
  }

  /// Explains an image.
  public func explain(
    _ image: [Float], _ target: ExplanationTarget, by method: ExplanationMethod
  ) -> Explanation {
    switch method {
    case .gradCAM:
      Explanation(method, trace(image, target).gradCAM(ofLayer: options.layer, in: network))
    case .layerCAM:
      Explanation(method, trace(image, target).layerCAM(ofLayer: options.layer, in: network))
    case .integratedGradients: integratedGradients(image, target)
    case .occlusion: Explanation(method, occlusion(image, target))
    }
  }

  /// Calls `body` while the network has other values.
  func with<Result>(_ other: NetworkValues, _ body: () -> Result) -> Result {
    let own = values
    values = other
    defer { values = own }
    return body()
  }

  /// The logits of some inputs.
  func logits(of images: [[Float]]) -> [[Float]] {
    var all: [[Float]] = []
    for places in Array(images.indices).batches(of: Self.inferenceBatch) {
      for (place, index) in places.enumerated() {
        let size = network.inputShape.count
        inference.input[place * size..<(place + 1) * size].copy(from: images[index])
      }
      let logits = inference.forward(
        count: places.count, parameters: values.parameters, statistics: &values.statistics,
        phase: .inference)
      all += logits.rows(of: classes.count)
    }
    return all
  }
}

/// A map, and how it was made.
public struct Explanation: Sendable {
  /// How it was made.
  public let method: ExplanationMethod
  /// At the resolution of the method: the layer's, or the image's.
  public let map: AttributionMap
  /// How well integrated gradients add up; nil for other methods.
  public let completeness: Completeness?

  init(
    _ method: ExplanationMethod, _ map: AttributionMap, completeness: Completeness? = nil
  ) {
    (self.method, self.map, self.completeness) = (method, map, completeness)
  }
}

extension [Float] {
  /// Rows of some elements each.
  func rows(of count: Int) -> [[Float]] {
    stride(from: 0, to: self.count, by: count).map { Array(self[$0..<$0 + count]) }
  }
}

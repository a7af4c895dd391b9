public import ConvNet
public import Tensors

/// The source of the initial weights of a run.
///
/// A trainer applies it to its network before the first step; a resumed run does not use it.
public struct InitialWeights: Sendable {
  /// Parameters and statistics in the layouts of a network.
  public typealias Values = (parameters: ParameterVector, statistics: ParameterVector)

  /// What initial weights may depend on.
  public struct Context {
    /// The network they are for.
    public let network: Network
    /// Determines the random draws.
    public let seed: UInt64
    /// Training images, for weights that are fitted to images.
    let images: TrainingImages

    /// The weights that each layer draws by itself.
    public func seededValues() -> Values { network.initialValues(seed: seed) }
  }

  private let make: @Sendable (Context) throws -> Values

  /// Creates custom weights, such as weights imported from a file.
  ///
  /// - Parameter make: Returns values in the layouts of `context.network`.
  public init(_ make: @escaping @Sendable (_ context: Context) throws -> Values) {
    self.make = make
  }

  /// The weights for a network.
  ///
  /// - Throws: What `make` throws.
  /// - Precondition: They have the layouts of the network.
  func values(_ network: Network, seed: UInt64, images: TrainingImages) throws -> Values {
    let values = try make(Context(network: network, seed: seed, images: images))
    precondition(
      values.parameters.layout == network.parameterLayout
        && values.statistics.layout == network.statisticLayout,
      "initial weights in the layout of another network")
    return values
  }

  /// Each layer draws its weights from the run's seed.
  public static let seeded = InitialWeights { $0.seededValues() }

  /// Seeded weights, but the filters of a first layer with `initial whitening` are set to the main
  /// directions of patches of training images.
  ///
  /// - Source: Jordan, 2024, arXiv:2404.00498.
  public static let whitened = InitialWeights { context in
    var values = context.seededValues()
    guard context.network.wantsImages else { return values }
    try context.images.whiten(context.network, &values)
    return values
  }

  /// The weights of a checkpoint, as for fine-tuning.
  ///
  /// - Parameter fresh: Names of arrays that are seeded instead, such as those of a last layer for
  ///   other classes: `["14.weight", "14.bias"]`.
  public static func checkpoint(
    _ checkpoint: Checkpoint, seeding fresh: Set<String> = []
  ) -> InitialWeights {
    let vectors = [checkpoint.parameters, checkpoint.statistics]
    let arrays = vectors.flatMap { vector in
      vector.layout.slots.indices.map { index in
        (vector.layout.slots[index].name, NamedArray(vector, slot: index))
      }
    }
    return named(Dictionary(arrays) { first, _ in first }, seeding: fresh)
  }

  /// Arrays by the names of the network's slots, such as `0.weight` and `1.running_mean`.
  ///
  /// - Parameter fresh: Names of arrays that are seeded instead.
  /// - Returns: Weights that throw `WeightsError` if an array is missing or has another shape.
  public static func named(
    _ arrays: [String: NamedArray], seeding fresh: Set<String> = []
  ) -> InitialWeights {
    InitialWeights { context in
      var values = context.seededValues()
      try fill(&values.parameters, arrays, fresh)
      try fill(&values.statistics, arrays, fresh)
      return values
    }
  }

  private static func fill(
    _ vector: inout ParameterVector, _ arrays: [String: NamedArray], _ fresh: Set<String>
  ) throws(WeightsError) {
    for (index, slot) in vector.layout.slots.enumerated() where !fresh.contains(slot.name) {
      guard let array = arrays[slot.name] else { throw .missing(name: slot.name) }
      guard array.shape == slot.shape, array.elements.count == slot.count else {
        throw .wrongShape(name: slot.name, expected: slot.shape, actual: array.shape)
      }
      vector[slot: index] = array.elements
    }
  }
}

/// An array of weights in PyTorch's order of axes: `[output, input, height, width]`.
public struct NamedArray: Equatable, Sendable {
  /// Length of each axis.
  public var shape: [Int]
  /// The elements, the last axis fastest.
  public var elements: [Float]

  /// Creates an array.
  public init(shape: [Int], elements: [Float]) {
    self.shape = shape
    self.elements = elements
  }

  init(_ vector: ParameterVector, slot: Int) {
    self.init(shape: vector.layout.slots[slot].shape, elements: vector[slot: slot])
  }
}

/// Why initial weights do not fit a network.
public enum WeightsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The network has an array that the weights do not have.
  case missing(name: String)
  /// An array has another shape than the network's.
  case wrongShape(name: String, expected: [Int], actual: [Int])

  public var description: String {
    switch self {
    case .missing(let name):
      "the initial weights have no array '\(name)', which the network needs; name it among "
        + "those to be seeded, or use another network"
    case .wrongShape(let name, let expected, let actual):
      "the initial weights' array '\(name)' has shape \(actual), the network expects "
        + "\(expected); name it among those to be seeded, or use another network"
    }
  }
}

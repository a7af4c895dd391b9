/// The layers of a network from image to logits, for any image size and number of classes.
///
/// As text, layers are separated by commas, the words of a layer by spaces:
/// `conv 32 3x3 stride 2, batchnorm, relu, pool 2, residual (conv 32, relu), global-pool, flatten,
/// dense`. The last layer is a bare `dense` with one output per class. `Documentation/Layers.md`
/// lists all words. Two architectures are equal when their canonical forms are.
public struct Architecture: Sendable, CustomStringConvertible {
  /// The canonical form, which checkpoints carry: the text of every layer.
  public let description: String
  /// The layers in order; the head has no number of outputs yet.
  public let layers: [any Layer]

  /// The longest text that is read, bytes.
  private static let longest = 1_000_000

  /// Reads an architecture.
  ///
  /// - Parameter catalogue: The layers that it may contain.
  /// - Throws: `ArchitectureError.unreadable` pointing at the word that is wrong.
  public init(
    _ text: String, catalogue: LayerCatalogue = .standard
  ) throws(ArchitectureError) {
    guard text.utf8.count <= Self.longest else {
      throw .unreadable(text: "", place: 0..<0, .tooLong(limit: Self.longest))
    }
    var reader = ArchitectureReader(text, catalogue)
    let layers = try reader.layers(hasHead: true)
    guard reader.next == nil else { throw reader.missing("a comma or the end") }
    guard (layers.last as? Dense)?.isHead == true else { throw reader.mistake(.notTheHead) }
    self.init(checked: layers)
  }

  /// Takes layers written in Swift.
  ///
  /// - Throws: `ArchitectureError.withoutHead` unless the last layer, and only the last, is
  ///   `Dense()`.
  public init(_ layers: [any Layer]) throws(ArchitectureError) {
    let heads = layers.indices.filter { layers[$0].containsHead }
    guard heads == [layers.count - 1], layers.last is Dense else {
      throw .withoutHead(last: layers.last?.text ?? "")
    }
    self.init(checked: layers)
  }

  /// Takes layers written in Swift, as in `Architecture { Convolution(16); Rectifier(); … }`.
  ///
  /// - Throws: As for an array of layers.
  public init(@LayerBuilder _ layers: () -> [any Layer]) throws(ArchitectureError) {
    try self.init(layers())
  }

  private init(checked layers: [any Layer]) {
    self.layers = layers
    description = layers.map(\.text).joined(separator: ", ")
  }

  /// The layers, with an output of the head for each class.
  func layers(classCount: Int) -> [any Layer] {
    layers.dropLast() + layers.suffix(1).map { ($0 as? Dense)?.giving(classCount) ?? $0 }
  }
}

extension Architecture: Hashable {
  public static func == (a: Architecture, b: Architecture) -> Bool {
    a.description == b.description
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Layer {
  /// Whether it is a head or contains one.
  fileprivate var containsHead: Bool {
    (self as? Dense)?.isHead == true || layers.contains { $0.containsHead }
  }
}

/// Builds a list of layers, with `if`, `else` and `for`.
@resultBuilder public enum LayerBuilder {
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap(\.self) }
  public static func buildOptional(_ layers: [any Layer]?) -> [any Layer] { layers ?? [] }
  public static func buildEither(first layers: [any Layer]) -> [any Layer] { layers }
  public static func buildEither(second layers: [any Layer]) -> [any Layer] { layers }
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap(\.self) }
}

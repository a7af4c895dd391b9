internal import Tensors

/// The layers of a network as one line of text, from image to logits.
///
/// Layers are separated by commas, the words of a layer by spaces:
/// `conv 32 3x3 stride 2, batchnorm, relu, pool 2, residual (conv 32, relu), global-pool, flatten,
/// dense`. The last layer is a bare `dense` with one output per class. `Documentation/Layers.md`
/// lists all words. `description` is the canonical form, which checkpoints carry: every layer as its
/// `token`.
public struct Architecture: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  static let layerNames =
    "conv, depthwise, pool, average-pool, global-pool, global-max-pool, batchnorm, relu, leaky-relu, gelu, silu, sigmoid, tanh, dropout, flatten, dense, residual"

  /// Reads an architecture.
  ///
  /// - Throws: `ArchitectureError.unreadable` pointing at the word that is wrong.
  public init(_ text: String) throws(ArchitectureError) {
    // Any class count serves to see whether the text can be read.
    description = try Self.read(text, classCount: 2).map(\.token).joined(separator: ", ")
  }

  package func makeLayers(classCount: Int) throws(ArchitectureError) -> [any Layer] {
    try Self.read(description, classCount: classCount)
  }

  private static func read(
    _ text: String, classCount: Int
  ) throws(ArchitectureError) -> [any Layer] {
    var reader = ArchitectureReader(text)
    let layers = try reader.layers(classCount: classCount)
    guard reader.next == nil else { throw reader.missing("a comma or the end") }
    guard (layers.last as? Dense)?.isHead == true else { throw reader.mistake(.notTheHead) }
    return layers
  }
}

extension ArchitectureReader {
  /// Layers separated by commas.
  mutating func layers(classCount: Int?) throws(ArchitectureError) -> [any Layer] {
    var layers: [any Layer] = []
    repeat {
      layers.append(try layer(classCount: classCount))
      if nextIs(","), (layers.last as? Dense)?.isHead == true { throw mistake(.notTheHead) }
    } while take(",")
    return layers
  }

  /// Layers in parentheses.
  mutating func block() throws(ArchitectureError) -> [any Layer] {
    guard take("(") else { throw missing("layers in parentheses") }
    let inner = try layers(classCount: nil)
    guard take(")") else { throw missing("a closing parenthesis") }
    return inner
  }
}

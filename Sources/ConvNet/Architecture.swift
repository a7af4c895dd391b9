internal import Foundation

/// The layers of a network as one line of text, from image to logits.
///
/// Tokens are separated by spaces: `conv32` (3×3, stride 1, output as large as input; options
/// `,kernel=5`, `,stride=2`, `,padding=0`, `,bias=no`), `batchnorm`, `relu`, `maxpool2`, `avgpool2`,
/// `globalpool`, `dropout0.5`, `flatten`, `dense512`, and at the end a bare `dense` with one output
/// per class. The text is what checkpoints carry.
public struct Architecture: Hashable, Sendable, CustomStringConvertible {
  /// The layers in order; the last one is the head for `classCount` classes.
  private let tokens: [String]

  static let knownTokens =
    "conv32, batchnorm, relu, maxpool2, avgpool2, globalpool, dropout0.5, flatten, dense512, dense"

  /// Reads an architecture.
  ///
  /// - Throws: `ArchitectureError` naming the token that is wrong.
  public init(_ text: String) throws(ArchitectureError) {
    tokens = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard tokens.last == "dense", tokens.count(where: { $0 == "dense" }) == 1 else {
      throw .noHead(text)
    }
    // Any class count serves to see whether the text can be read.
    _ = try makeLayers(classCount: 2)
  }

  public var description: String { tokens.joined(separator: " ") }

  package func makeLayers(classCount: Int) throws(ArchitectureError) -> [any Layer] {
    var layers: [any Layer] = []
    for (place, token) in tokens.enumerated() {
      layers.append(try Self.layer(token, place: place, classCount: classCount))
    }
    return layers
  }

  private static func layer(
    _ token: String, place: Int, classCount: Int
  ) throws(ArchitectureError) -> any Layer {
    let parts = token.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let name = String(parts[0].prefix { $0.isLetter })
    let number = String(parts[0].dropFirst(name.count))
    func count() throws(ArchitectureError) -> Int {
      guard let value = Int(number), value > 0, value <= 1 << 20 else {
        throw .badOption(token: token, option: number)
      }
      return value
    }
    if name != "conv", parts.count > 1 { throw .badOption(token: token, option: parts[1]) }
    switch name {
    case "conv":
      return try convolution(token, outputChannels: try count(), options: parts.dropFirst())
    case "maxpool": return Pooling(.maximum, size: try count())
    case "avgpool": return Pooling(.mean, size: try count())
    case "dropout":
      guard let rate = Float(number), rate >= 0, rate < 1 else {
        throw .badOption(token: token, option: number)
      }
      return Dropout(rate: rate, place: place)
    case "dense" where number.isEmpty: return Dense(outputCount: classCount, isHead: true)
    case "dense": return Dense(outputCount: try count())
    case "batchnorm" where number.isEmpty: return BatchNormalization()
    case "relu" where number.isEmpty: return Rectifier()
    case "globalpool" where number.isEmpty: return Pooling(.mean, size: nil)
    case "flatten" where number.isEmpty: return Flatten()
    default: throw .unknownToken(token)
    }
  }

  private static func convolution(
    _ token: String, outputChannels: Int, options: some Sequence<String>
  ) throws(ArchitectureError) -> any Layer {
    var (kernelSize, stride, usesBias) = (3, 1, true)
    var padding: Int?
    for option in options {
      let pair = option.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      let value = pair.count == 2 ? Int(pair[1]) : nil
      switch (pair[0], value) {
      case ("kernel", let value?) where (1...64).contains(value): kernelSize = value
      case ("stride", let value?) where (1...64).contains(value): stride = value
      case ("padding", let value?) where (0...64).contains(value): padding = value
      case ("bias", _) where option == "bias=no": usesBias = false
      case ("bias", _) where option == "bias=yes": usesBias = true
      default: throw .badOption(token: token, option: option)
      }
    }
    return Convolution(
      outputChannels: outputChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      usesBias: usesBias)
  }
}

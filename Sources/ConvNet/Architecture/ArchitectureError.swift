internal import Support
public import Tensors

/// Why a description is not a network.
public enum ArchitectureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The word of the text at `place`, in characters, is wrong.
  case unreadable(text: String, place: Range<Int>, Problem)
  /// The window of a layer is larger than its input.
  case doesNotFit(layer: String, input: Shape)
  /// A dense layer needs a vector, not a map.
  case notFlat(layer: String, input: Shape)
  /// Groups must divide the input channels of a layer.
  case groupsDoNotDivide(layer: String, input: Shape)
  /// The two branches of a residual block must give the same shape to be added.
  case branchesDiffer(layer: String, body: Shape, shortcut: Shape)
  /// The last layer of a network, and only the last, must be a dense layer without outputs.
  case withoutHead(last: String)
  /// The output or an array of a layer has more elements than can be counted.
  case tooLarge(layer: String)
  /// The network would take more memory than there is.
  case outOfMemory(bytes: Int, available: Int, remedy: String)

  /// What is wrong with a word.
  public enum Problem: Equatable, Sendable {
    /// No layer has this name; with a known name of similar spelling, if there is one, and all
    /// known names.
    case unknownLayer(nearest: String?, known: [String])
    /// The layer has no such option.
    case unknownOption(layer: String, takes: String)
    /// Something else must stand here.
    case expected(String)
    /// The last layer must be a bare `dense`, and only the last.
    case notTheHead
    /// Only layers with parameters can be frozen.
    case nothingToFreeze
    /// Blocks stand in each other more than this deep.
    case tooDeep(limit: Int)
    /// The text has more bytes than are read.
    case tooLong(limit: Int)
  }

  public var description: String {
    switch self {
    case .unreadable(let text, let place, let problem):
      "architecture: \(Self.describe(text, place, problem))"
    case .doesNotFit(let layer, let input):
      "architecture: '\(layer)' does not fit its input (\(input)); use larger images or "
        + "fewer pooling layers"
    case .notFlat(let layer, let input):
      "architecture: '\(layer)' needs a vector but gets a map of \(input); put 'flatten' or "
        + "'global-pool, flatten' before it"
    case .groupsDoNotDivide(let layer, let input):
      "architecture: '\(layer)' cannot cut the \(input.channels) channels that reach it into equal "
        + "groups; choose a divisor of both channel counts"
    case .branchesDiffer(let layer, let body, let shortcut):
      "architecture: '\(layer)' adds \(body) to \(shortcut); give it a shortcut that ends in the "
        + "same shape, as in 'shortcut (conv \(body.channels) 1x1)'"
    case .withoutHead(let last):
      "architecture: the last layer, and only the last, must be a dense layer without a number of "
        + "outputs, not '\(last)'"
    case .tooLarge(let layer):
      "architecture: '\(layer)' would take more than \((LayerSequence.largest * 4).byteText) for "
        + "one image or one array; use fewer channels or outputs, or smaller images"
    case .outOfMemory(let bytes, let available, let remedy):
      "the network would take \(bytes.byteText) of memory (\(bytes) bytes), but only "
        + "\(available.byteText) are free; \(remedy)"
    }
  }

  /// The part of the text around the wrong word that fits, with carets under the word; empty for
  /// errors that concern no single word.
  ///
  /// - Parameter width: Columns available.
  public func excerpt(width: Int) -> [String] {
    guard case .unreadable(let text, let place, _) = self else { return [] }
    let characters = text.map { $0.isWhitespace ? " " : $0 }
    let room = max(20, width - 4)
    let first = max(0, min(place.lowerBound - room / 2, characters.count - room))
    let shown = String(characters[first..<min(characters.count, first + room)])
    let carets = String(repeating: "^", count: max(1, min(place.count, room)))
    return ["  \(shown)", String(repeating: " ", count: 2 + place.lowerBound - first) + carets]
  }

  private static func describe(
    _ text: String, _ place: Range<Int>, _ problem: Problem
  ) -> String {
    let whole = String(Array(text)[place.clamped(to: 0..<text.count)])
    let word = whole.count > 60 ? whole.prefix(60) + "…" : whole
    let at =
      word.isEmpty ? "at the end" : "instead of '\(word)' (character \(place.lowerBound + 1))"
    return switch problem {
    case .unknownLayer(let nearest, let known):
      "no layer is called '\(word)' (character \(place.lowerBound + 1)); "
        + (nearest.map { "did you mean '\($0)'?" }
          ?? "known are \(known.joined(separator: ", "))")
    case .unknownOption(let layer, let takes):
      "'\(layer)' cannot take '\(word)' (character \(place.lowerBound + 1)); it takes \(takes)"
    case .expected(let what): "expected \(what) \(at)"
    case .notTheHead:
      "the last layer, and no other, must be 'dense' without a number (one output per class); "
        + "found '\(word)' (character \(place.lowerBound + 1))"
    case .tooDeep(let limit):
      "blocks stand in each other more than \(limit) deep (character \(place.lowerBound + 1))"
    case .tooLong(let limit): "the text has more than \(limit.byteText), too many to be read"
    case .nothingToFreeze:
      "only layers with parameters can be frozen, not '\(word)' (character \(place.lowerBound + 1))"
    }
  }
}

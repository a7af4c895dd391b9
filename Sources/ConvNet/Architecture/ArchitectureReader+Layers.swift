internal import Support
internal import Tensors

// Reads layers by the entries of a catalogue.
extension ArchitectureReader {
  /// Limits how deep blocks stand in each other: every level is a recursion.
  private static let deepest = 16

  /// Layers separated by commas.
  ///
  /// - Parameter hasHead: Whether the last layer is to be the head.
  mutating func layers(hasHead: Bool) throws(ArchitectureError) -> [any Layer] {
    var layers: [any Layer] = []
    repeat {
      layers.append(try layer())
      let isHead = (layers.last as? Dense)?.isHead == true
      if isHead, !hasHead || nextIs(",") { throw mistake(.notTheHead) }
    } while take(",")
    return layers
  }

  /// One layer with its options.
  private mutating func layer() throws(ArchitectureError) -> any Layer {
    guard let name = option() else { throw missing("a layer") }
    guard let entry = catalogue[name.text] else {
      let known = catalogue.entries.map(\.name)
      throw mistake(.unknownLayer(nearest: closest(to: name.text, in: known), known: known))
    }
    let layer = try layer(entry)
    guard nextIs(LayerEntry.frozen) else { return try complete(layer, entry.name, entry.takes) }
    guard entry.learns else { throw mistake(.nothingToFreeze) }
    take(LayerEntry.frozen)
    return try complete(Frozen(layer), LayerEntry.frozen, "nothing more")
  }

  private mutating func layer(_ entry: LayerEntry) throws(ArchitectureError) -> any Layer {
    var values = LayerValues(entry)
    var places: [String: Range<Int>] = [:]
    for parameter in entry.parameters where !parameter.isNamed && stands(parameter) {
      values[parameter.name] = try value(of: parameter)
      places[parameter.name] = lastPlace
    }
    while let parameter = entry.parameters.first(where: { $0.isNamed && nextIs($0.name) }) {
      take(parameter.name)
      if places[parameter.name] != nil { throw mistake(.expected("'\(parameter.name)' once")) }
      values[parameter.name] = try value(of: parameter)
      places[parameter.name] = lastPlace
    }
    do {
      return try entry.make(values)
    } catch {
      throw .unreadable(
        text: text, place: places[error.parameter] ?? lastPlace, .expected(error.expected))
    }
  }

  /// Whether the next word is, or must be, the value of a parameter without a name.
  private func stands(_ parameter: LayerParameter) -> Bool {
    guard !parameter.isRequired else { return true }
    return switch parameter.kind {
    case .layers: nextIs("(")
    case .word(let words): words.contains { nextIs($0) }
    default: next?.text.first?.isNumber == true
    }
  }

  private mutating func value(of parameter: LayerParameter) throws(ArchitectureError) -> LayerValue
  {
    switch parameter.kind {
    case .flag: return .flag(true)
    case .layers:
      guard take("(") else { throw missing(parameter.expected) }
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.deepest else { throw mistake(.tooDeep(limit: Self.deepest)) }
      let inner = try layers(hasHead: false)
      guard take(")") else { throw missing("a closing parenthesis") }
      return .layers(inner)
    case .size:
      guard next?.text.first?.isNumber == true, let word = option() else {
        throw missing(parameter.expected)
      }
      return try size(word)
    default:
      guard let word = option() else { throw missing(parameter.expected) }
      guard let value = parameter.value(of: word.text) else {
        throw mistake(.expected(parameter.expected))
      }
      return value
    }
  }

  /// Rows and columns as `3x3`, or as `3` for both.
  private func size(_ word: ArchitectureWord) throws(ArchitectureError) -> LayerValue {
    let parts = word.text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count <= 2, let height = parts[0], let width = parts[parts.count - 1],
      (1...64).contains(height), (1...64).contains(width)
    else { throw mistake(.expected("a size like 3x3, from 1x1 to 64x64")) }
    return .size(height: height, width: width)
  }

  /// Returns the layer if no word about it is left.
  private mutating func complete(
    _ layer: any Layer, _ name: String, _ takes: String
  ) throws(ArchitectureError) -> any Layer {
    if option() != nil { throw mistake(.unknownOption(layer: name, takes: takes)) }
    return layer
  }
}

extension LayerParameter {
  /// Reads one word; nil if it is not allowed.
  fileprivate func value(of text: String) -> LayerValue? {
    switch kind {
    case .count(let range): Int(text).flatMap { range.contains($0) ? .count($0) : nil }
    case .number(let range): Float(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .padding:
      switch text {
      case "same": .padding(.same)
      case "valid": .padding(.zeros(0))
      default: Int(text).flatMap { (0...64).contains($0) ? .padding(.zeros($0)) : nil }
      }
    case .word(let words): words.contains(text) ? .word(text) : nil
    case .size, .flag, .layers: nil
    }
  }
}

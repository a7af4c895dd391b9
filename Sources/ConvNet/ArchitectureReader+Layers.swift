internal import Tensors

// What may follow the name of each layer.
extension ArchitectureReader {
  /// One layer with its options.
  ///
  /// - Parameter classCount: Outputs of a bare `dense`; nil where the head cannot stand.
  mutating func layer(classCount: Int?) throws(ArchitectureError) -> any Layer {
    guard let name = option() else { throw mistake(.expected("a layer")) }
    layerCount += 1
    switch name.text {
    case "conv": return try convolution()
    case "pool": return try pooling(.maximum, name.text)
    case "average-pool": return try pooling(.mean, name.text)
    case "global-pool": return try plain(Pooling(.mean, size: nil), name.text)
    case "global-max-pool": return try plain(Pooling(.maximum, size: nil), name.text)
    case "batchnorm": return try plain(BatchNormalization(), name.text)
    case "relu": return try plain(Rectifier(), name.text)
    case "dropout":
      let rate = try number("a rate from 0 to below 1") { (0..<1).contains($0) }
      return try plain(Dropout(rate: rate, place: layerCount - 1), name.text)
    case "flatten": return try plain(Flatten(), name.text)
    case "dense": return try dense(classCount)
    case "residual": return try residual()
    default:
      throw mistake(
        .unknownLayer(nearest: nearest(to: name.text, among: Architecture.layerNames)))
    }
  }

  private mutating func plain(
    _ layer: any Layer, _ name: String
  ) throws(ArchitectureError) -> any Layer {
    if option() != nil { throw mistake(.unknownOption(layer: name, takes: "nothing more")) }
    return layer
  }

  private mutating func convolution() throws(ArchitectureError) -> any Layer {
    let channels = try count(1...65536)
    let size = try size() ?? (3, 3)
    var (stride, padding, usesBias) = (1, Padding.same, true)
    while let word = option() {
      switch word.text {
      case "stride": stride = try count(1...64)
      case "padding": padding = try self.padding()
      case "no-bias": usesBias = false
      default:
        throw mistake(
          .unknownOption(layer: "conv", takes: "a size like 3x3, stride, padding and no-bias"))
      }
    }
    return Convolution(
      outputChannels: channels, kernelHeight: size.height, kernelWidth: size.width, stride: stride,
      padding: padding, usesBias: usesBias)
  }

  private mutating func pooling(
    _ reduction: Pooling.Reduction, _ name: String
  ) throws(ArchitectureError) -> any Layer {
    try plain(Pooling(reduction, size: try count(1...64)), name)
  }

  private mutating func dense(_ classCount: Int?) throws(ArchitectureError) -> any Layer {
    guard next?.text.first?.isNumber == true else {
      guard let classCount else { throw mistake(.notTheHead) }
      return try plain(Dense(outputCount: classCount, isHead: true), "dense")
    }
    return try plain(Dense(outputCount: try count(1...1_048_576)), "dense")
  }

  private mutating func residual() throws(ArchitectureError) -> any Layer {
    let body = try block()
    let shortcut = take("shortcut") ? try block() : []
    return try plain(Residual(body: body, shortcut: shortcut), "residual")
  }
}

/// The name that differs least from a word, if it differs by at most a third of its letters.
func nearest(to word: String, among names: String) -> String? {
  names.split(separator: ", ").map { (name: String($0), cost: distance(word, String($0))) }
    .min { $0.cost < $1.cost }
    .flatMap { $0.cost <= max(1, word.count / 3) ? $0.name : nil }
}

/// Letters to insert, delete or replace between two words (Levenshtein).
private func distance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var costs = Array(0...b.count)
  for (row, letter) in a.enumerated() {
    var diagonal = costs[0]
    costs[0] = row + 1
    for column in b.indices {
      let replaced = diagonal + (letter == b[column] ? 0 : 1)
      diagonal = costs[column + 1]
      costs[column + 1] = min(replaced, diagonal + 1, costs[column] + 1)
    }
  }
  return costs[b.count]
}

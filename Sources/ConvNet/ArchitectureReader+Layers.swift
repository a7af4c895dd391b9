internal import Tensors

// What may follow the name of each layer.
extension ArchitectureReader {
  /// One layer with its options.
  ///
  /// - Parameter classCount: Outputs of a bare `dense`; nil where the head cannot stand.
  mutating func layer(classCount: Int?) throws(ArchitectureError) -> any Layer {
    guard let name = option() else { throw missing("a layer") }
    layerCount += 1
    let layer = try layer(name.text, classCount: classCount)
    guard nextIs("frozen") else { return try complete(layer, name.text) }
    if layer is Rectifier || layer is Activation || layer is Pooling || layer is Flatten
      || layer is Dropout
    {
      throw mistake(.nothingToFreeze)
    }
    take("frozen")
    return try complete(Frozen(layer), "frozen")
  }

  private mutating func layer(
    _ name: String, classCount: Int?
  ) throws(ArchitectureError) -> any Layer {
    switch name {
    case "conv": return try convolution()
    case "depthwise": return try depthwise()
    case "pool": return try pooling(.maximum)
    case "average-pool": return try pooling(.mean)
    case "global-pool": return Pooling(.mean, height: nil)
    case "global-max-pool": return Pooling(.maximum, height: nil)
    case "batchnorm": return try normalization()
    case "relu": return Rectifier()
    case "leaky-relu": return Activation(.leakyRectifier(slope: try slope()))
    case "gelu": return Activation(take("tanh") ? .geluByTanh : .gelu)
    case "silu": return Activation(.silu)
    case "sigmoid": return Activation(.sigmoid)
    case "tanh": return Activation(.tanh)
    case "dropout":
      let rate = try number("a rate from 0 to below 1") { (0..<1).contains($0) }
      return Dropout(rate: rate, place: layerCount - 1)
    case "flatten": return Flatten()
    case "dense": return try dense(classCount)
    case "residual": return try residual()
    default:
      throw mistake(.unknownLayer(nearest: nearest(to: name, among: Architecture.layerNames)))
    }
  }

  /// The layer, when nothing is left to say about it.
  private mutating func complete(
    _ layer: any Layer, _ name: String
  ) throws(ArchitectureError) -> any Layer {
    if option() != nil {
      throw mistake(.unknownOption(layer: name, takes: Self.options[name] ?? "nothing more"))
    }
    return layer
  }

  /// What may follow a name; the others take nothing.
  private static let options = [
    "conv": "a size like 3x3, stride, padding, groups, no-bias, initial and frozen",
    "depthwise": "stride, padding, no-bias, initial and frozen",
    "pool": "a size like 2 or 3x3, stride and padding",
    "average-pool": "a size like 2 or 3x3, stride and padding",
    "batchnorm": "momentum, epsilon and frozen",
    "leaky-relu": "a slope", "gelu": "tanh", "dropout": "a rate",
    "dense": "a number of outputs, no-bias, initial and frozen",
    "residual": "shortcut and frozen",
  ]

  private mutating func convolution() throws(ArchitectureError) -> any Layer {
    let channels = try count(1...65536)
    let size = try size() ?? (3, 3)
    var (stride, padding, groups, usesBias) = (1, Padding.same, 1, true)
    var initialization = Initialization.he
    while true {
      if take("stride") {
        stride = try count(1...64)
      } else if take("padding") {
        padding = try self.padding()
      } else if take("groups") {
        groups = try count(1...channels)
        if !channels.isMultiple(of: groups) {
          throw mistake(.expected("a divisor of the \(channels) output channels"))
        }
      } else if take("no-bias") {
        usesBias = false
      } else if take("initial") {
        initialization = try self.initialization(Initialization.allCases)
      } else {
        let inner = Convolution(
          outputChannels: channels / groups, kernelHeight: size.height, kernelWidth: size.width,
          stride: stride, padding: padding, usesBias: usesBias, initialization: initialization)
        return groups == 1 ? inner : GroupedConvolution(groups: groups, inner: inner)
      }
    }
  }

  private mutating func depthwise() throws(ArchitectureError) -> any Layer {
    let size = try size() ?? (3, 3)
    var (stride, padding, usesBias, initialization) = (1, Padding.same, true, Initialization.he)
    while true {
      if take("stride") {
        stride = try count(1...64)
      } else if take("padding") {
        padding = try self.padding()
      } else if take("no-bias") {
        usesBias = false
      } else if take("initial") {
        initialization = try self.initialization([.he, .glorot, .dirac])
      } else {
        return DepthwiseConvolution(
          kernelHeight: size.height, kernelWidth: size.width, stride: stride, padding: padding,
          usesBias: usesBias, initialization: initialization)
      }
    }
  }

  private mutating func pooling(
    _ reduction: Pooling.Reduction
  ) throws(ArchitectureError) -> any Layer {
    guard let size = try size() else { throw missing("a size like 2 or 3x3") }
    var (stride, padding) = (size.height, Padding.zeros(0))
    while true {
      if take("stride") {
        stride = try count(1...64)
      } else if take("padding") {
        padding = try self.padding()
        if case .zeros(let count) = padding, 2 * count > min(size.height, size.width) {
          throw mistake(.expected("a padding of at most half the window"))
        }
      } else {
        return Pooling(
          reduction, height: size.height, width: size.width, stride: stride, padding: padding)
      }
    }
  }

  private mutating func normalization() throws(ArchitectureError) -> any Layer {
    var (momentum, epsilon): (Float, Float) = (0.1, 1e-5)
    while true {
      if take("momentum") {
        momentum = try number("a number above 0, at most 1") { $0 > 0 && $0 <= 1 }
      } else if take("epsilon") {
        epsilon = try number("a number above 0, below 1") { $0 > 0 && $0 < 1 }
      } else {
        return BatchNormalization(momentum: momentum, epsilon: epsilon)
      }
    }
  }

  private mutating func dense(_ classCount: Int?) throws(ArchitectureError) -> any Layer {
    let isHead = next?.text.first?.isNumber != true
    if isHead, classCount == nil { throw mistake(.notTheHead) }
    let outputs = isHead ? classCount ?? 0 : try count(1...1_048_576)
    var (usesBias, initialization) = (true, Initialization.he)
    while true {
      if take("no-bias") {
        usesBias = false
      } else if take("initial") {
        initialization = try self.initialization([.he, .glorot, .dirac])
      } else {
        return Dense(
          outputCount: outputs, isHead: isHead, usesBias: usesBias, initialization: initialization)
      }
    }
  }

  private mutating func residual() throws(ArchitectureError) -> any Layer {
    let body = try block()
    return Residual(body: body, shortcut: take("shortcut") ? try block() : [])
  }

  private mutating func slope() throws(ArchitectureError) -> Float {
    guard next?.text.first?.isNumber == true else { return Activation.usualSlope }
    return try number("a slope from 0 to below 1") { (0..<1).contains($0) }
  }

  private mutating func initialization(
    _ choices: [Initialization]
  ) throws(ArchitectureError) -> Initialization {
    let choice = option().flatMap { Initialization(rawValue: $0.text) }
    guard let choice, choices.contains(choice) else {
      throw mistake(.expected("one of \(choices.map(\.rawValue).joined(separator: ", "))"))
    }
    return choice
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

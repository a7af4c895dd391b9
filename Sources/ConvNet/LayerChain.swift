internal import Tensors

/// Layers one after the other inside a layer that is made of others.
///
/// Their activations and what they keep live in the kept numbers of the outer layer, which is lent
/// one piece of memory and cuts it up.
struct LayerChain: Sendable {
  /// Put before the names of their arrays: `body`.
  let name: String
  let layers: [any Layer]
  /// What reaches each layer, and at the end what leaves the last; with the batch.
  let shapes: [Shape]

  /// - Precondition: The layers fit on the input.
  init(_ name: String, _ layers: [any Layer], input: Shape) {
    self.name = name
    self.layers = layers
    var shapes = [input]
    for layer in layers {
      guard let output = try? layer.outputShape(for: shapes[shapes.count - 1].batch(1)) else {
        preconditionFailure("\(layer.token) does not fit on \(shapes[shapes.count - 1])")
      }
      shapes.append(output.batch(input.batch))
    }
    self.shapes = shapes
  }

  var parameters: [ParameterSlot] { slots { $0.parameters(for: $1) } }
  var statistics: [ParameterSlot] { slots { $0.statistics(for: $1) } }

  private func slots(_ own: (any Layer, Shape) -> [ParameterSlot]) -> [ParameterSlot] {
    layers.indices.flatMap { index in
      own(layers[index], shapes[index]).map { $0.named(in: "\(name).\(index)") }
    }
  }

  /// The output of each layer and then what it keeps, each on cache lines of its own.
  var keptCount: Int {
    layers.indices.reduce(0) {
      $0 + padded(shapes[$1 + 1].count) + padded(layers[$1].keptCount(for: shapes[$1]))
    }
  }

  func scratchCount(workers: Int) -> Int {
    layers.indices.map {
      layers[$0].scratchCount(for: shapes[$0], batch: shapes[$0].batch, workers: workers)
    }.max() ?? 0
  }

  /// The largest gradient between two of its layers.
  var largestInnerCount: Int { shapes.dropFirst().map(\.count).max() ?? 0 }

  /// What each layer is lent out of what the outer layer is lent.
  ///
  /// - Parameters:
  ///   - parameters: Of the chain alone, as are `statistics` and `kept`.
  func passes(
    _ outer: ForwardPass, parameters: ArraySlice<FloatRegion>, statistics: ArraySlice<FloatRegion>,
    kept: FloatRegion, scratch: FloatRegion
  ) -> [ForwardPass] {
    var (input, start) = (outer.input, 0)
    var (parameters, statistics) = (parameters, statistics)
    func piece(_ count: Int) -> FloatRegion {
      defer { start += padded(count) }
      return kept[start..<start + count]
    }
    return layers.indices.map { index in
      let shape = shapes[index]
      let parameterCount = layers[index].parameters(for: shape).count
      let statisticCount = layers[index].statistics(for: shape).count
      let pass = ForwardPass(
        inputShape: shape, outputShape: shapes[index + 1], input: input,
        output: piece(shapes[index + 1].count),
        parameters: Array(parameters.prefix(parameterCount)),
        statistics: Array(statistics.prefix(statisticCount)),
        kept: piece(layers[index].keptCount(for: shape)), scratch: scratch, phase: outer.phase,
        workers: outer.workers)
      defer { input = pass.output }
      parameters = parameters.dropFirst(parameterCount)
      statistics = statistics.dropFirst(statisticCount)
      return layers[index].lending(pass)
    }
  }

  /// What each layer is lent to carry a gradient back, in the order of the layers.
  ///
  /// - Parameters:
  ///   - inputGradient: Where the gradient of the chain's input goes; nil when nobody needs it.
  ///   - turns: Two regions for the gradients in between, used in turn.
  func backwardPasses(
    _ passes: ArraySlice<ForwardPass>, outputGradient: FloatRegion, inputGradient: FloatRegion?,
    turns: [FloatRegion], parameterGradients: ArraySlice<FloatRegion>
  ) -> [BackwardPass] {
    var gradient = outputGradient
    var rest = parameterGradients
    var lent: [BackwardPass] = []
    for (index, pass) in Array(passes).enumerated().reversed() {
      let target = index == 0 ? inputGradient : turns[index % 2][0..<pass.input.count]
      lent.append(
        layers[index].lending(
          BackwardPass(
            forward: pass, outputGradient: gradient, inputGradient: target,
            parameterGradients: Array(rest.suffix(pass.parameters.count)))))
      rest = rest.dropLast(pass.parameters.count)
      gradient = target ?? gradient
    }
    return lent.reversed()
  }
}

/// The next whole number of cache lines.
func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

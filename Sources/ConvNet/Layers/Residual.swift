public import Tensors

/// Adds what goes through some layers to what goes around them: y = body(x) + shortcut(x).
///
/// Without layers of its own the shortcut is the identity; with some, usually a 1×1 convolution, it
/// brings the input to the shape the body ends in. Arrays are named `body.0.weight` and
/// `shortcut.0.weight`. Both ways are visible, so that an engine may run them in a plan of its own.
///
/// - Source: He et al., 2015, arXiv:1512.03385.
public struct Residual: Layer {
  /// The layers of the longer way.
  public let body: [any Layer]
  /// The layers of the shorter way; empty for the identity.
  public let shortcut: [any Layer]

  /// Creates the block.
  public init(body: [any Layer], shortcut: [any Layer] = []) {
    self.body = body
    self.shortcut = shortcut
  }

  public var token: String {
    func list(_ layers: [any Layer]) -> String { layers.map(\.token).joined(separator: ", ") }
    return "residual (\(list(body)))" + (shortcut.isEmpty ? "" : " shortcut (\(list(shortcut)))")
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    var ends: [Shape] = []
    for layers in [body, shortcut] {
      var shape = input
      for layer in layers { shape = try layer.outputShape(for: shape) }
      ends.append(shape)
    }
    guard ends[0] == ends[1] else {
      throw .branchesDiffer(layer: token, body: ends[0], shortcut: ends[1])
    }
    return ends[0]
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    ways(for: input).flatMap(\.parameters)
  }

  public func statistics(for input: Shape) -> [ParameterSlot] {
    ways(for: input).flatMap(\.statistics)
  }

  public func keptCount(for input: Shape) -> Int {
    ways(for: input).reduce(0) { $0 + $1.keptCount }
  }

  public func planned(
    on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
  ) -> any Layer {
    func planned(_ layers: [any Layer]) -> [any Layer] {
      plan(layers, on: input, convolution: convolution, trains: trains).map(\.layer)
    }
    return Residual(body: planned(body), shortcut: planned(shortcut))
  }

  public func multiplyAdds(for input: Shape) -> Int {
    ways(for: input).reduce(0) { sum, way in
      way.layers.indices.reduce(sum) { $0 + way.layers[$1].multiplyAdds(for: way.shapes[$1]) }
    }
  }

  /// What the layers need, two gradients used in turn, and the gradient of the shortcut's input.
  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    let ways = ways(for: input.batch(batch))
    let inner = ways.map { $0.scratchCount(workers: workers) }.reduce(0, max)
    return padded(inner) + ownScratchCount(ways)
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    // "body.3.weight"
    let parts = slot.name.split(separator: ".", maxSplits: 2)
    let layers = parts[0] == "body" ? body : shortcut
    guard parts.count == 3, let index = Int(parts[1]), layers.indices.contains(index) else {
      preconditionFailure("no layer of '\(token)' has '\(slot.name)'")
    }
    return layers[index].initialValue(
      of: ParameterSlot(name: String(parts[2]), shape: slot.shape, order: slot.order),
      using: &generator)
  }

  /// The passes of the body's layers and then of the shortcut's.
  public func lending(_ pass: ForwardPass) -> ForwardPass {
    var lending = pass
    lending.inner = passes(ways(for: pass.inputShape), pass)
    return lending
  }

  public func lending(_ pass: BackwardPass) -> BackwardPass {
    let forward = pass.forward
    let ways = ways(for: forward.inputShape)
    let largest = padded(largestInnerCount(ways))
    let own = forward.scratch.count / 16 * 16 - ownScratchCount(ways)
    let turns = [0, largest].map { forward.scratch[own + $0..<own + $0 + largest] }
    let aside = forward.scratch[own + 2 * largest..<own + 2 * largest + forward.input.count]
    let split = ways[0].parameters.count
    var lending = pass
    lending.inner =
      ways[0].backwardPasses(
        forward.inner[..<body.count], outputGradient: pass.outputGradient,
        inputGradient: pass.inputGradient, turns: turns,
        parameterGradients: pass.parameterGradients[..<split])
      + ways[1].backwardPasses(
        forward.inner[body.count...], outputGradient: pass.outputGradient,
        inputGradient: pass.inputGradient.map { _ in aside }, turns: turns,
        parameterGradients: pass.parameterGradients[split...])
    return lending
  }

  public func forward(_ pass: ForwardPass) {
    for index in body.indices { body[index].forward(pass.inner[index]) }
    for index in shortcut.indices { shortcut[index].forward(pass.inner[body.count + index]) }
    let long = body.isEmpty ? pass.input : pass.inner[body.count - 1].output
    let short = shortcut.isEmpty ? pass.input : pass.inner[pass.inner.count - 1].output
    forEachPart(of: pass, pass.output.count) {
      Kernels.add(long[$0], short[$0], into: pass.output[$0])
    }
  }

  /// Both ways get the gradient of the output; their gradients of the input are added.
  public func backward(_ pass: BackwardPass) {
    for index in body.indices.reversed() { body[index].backward(pass.inner[index]) }
    for index in shortcut.indices.reversed() {
      shortcut[index].backward(pass.inner[body.count + index])
    }
    guard let inputGradient = pass.inputGradient else { return }
    let other =
      shortcut.isEmpty ? pass.outputGradient : pass.inner[body.count].inputGradient
    guard let other else { return }
    forEachPart(of: pass.forward, inputGradient.count) {
      Kernels.add(other[$0], to: inputGradient[$0])
    }
  }

  func ways(for input: Shape) -> [LayerChain] {
    [LayerChain("body", body, input: input), LayerChain("shortcut", shortcut, input: input)]
  }

  private func largestInnerCount(_ ways: [LayerChain]) -> Int {
    max(ways[0].largestInnerCount, ways[1].largestInnerCount)
  }

  private func ownScratchCount(_ ways: [LayerChain]) -> Int {
    2 * padded(largestInnerCount(ways)) + padded(ways[0].shapes[0].count)
  }

  private func passes(_ ways: [LayerChain], _ pass: ForwardPass) -> [ForwardPass] {
    let parameterCount = ways[0].parameters.count
    let statisticCount = ways[0].statistics.count
    let keptCount = ways[0].keptCount
    let scratch = pass.scratch[0..<pass.scratch.count / 16 * 16 - ownScratchCount(ways)]
    return ways[0].passes(
      pass, parameters: pass.parameters[..<parameterCount],
      statistics: pass.statistics[..<statisticCount], kept: pass.kept[0..<keptCount],
      scratch: scratch)
      + ways[1].passes(
        pass, parameters: pass.parameters[parameterCount...],
        statistics: pass.statistics[statisticCount...],
        kept: pass.kept[keptCount..<pass.kept.count], scratch: scratch)
  }

  private func forEachPart(
    of pass: ForwardPass, _ count: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let parts = Shards(of: count, atMost: pass.inputShape.batch)
    pass.workers.run(parts.count) { body(parts[$0]) }
  }
}

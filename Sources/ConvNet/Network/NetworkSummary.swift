internal import Tensors

/// The output, memory and work of each layer of a network.
public struct NetworkSummary: Encodable, Sendable {
  /// One layer; those of a residual block come before the block itself.
  public struct Row: Encodable, Sendable {
    /// Its place, with which the names of its arrays begin: `3`, `7.body.0`.
    public let place: String
    /// As written in an architecture; a block without its layers.
    public let layer: String
    /// The output, for one image.
    public let outputHeight: Int, outputWidth: Int, outputChannels: Int
    /// Values the optimizer changes, and values it does not: frozen ones and running statistics.
    public let parameters: Int, statistics: Int
    /// Multiply-adds for one image.
    public let multiplyAdds: Int
    /// Bytes a training step holds for one image: the output and what is saved for the backward
    /// pass.
    public let activationBytes: Int
  }

  /// The layers in order.
  public let rows: [Row]
  /// Totals over all layers.
  public let parameters: Int, statistics: Int, multiplyAdds: Int, activationBytes: Int

  /// Summarizes a network.
  public init(_ network: Network) {
    rows = network.layers.indices.flatMap { index in
      Self.rows(of: network.layers[index], on: network.shapes[index], place: "\(index)")
    }
    parameters = network.parameterLayout.count
    statistics = network.statisticLayout.count
    multiplyAdds = rows.reduce(0) { $0 + $1.multiplyAdds }
    activationBytes = rows.reduce(0) { $0 + $1.activationBytes }
  }

  private static func rows(
    of layer: any Layer, on input: Shape, place: String, frozen: Bool = false
  ) -> [Row] {
    if let layer = layer as? Frozen, layer.layer is Residual {
      return rows(of: layer.layer, on: input, place: place, frozen: true)
    }
    func row(_ text: String, own: Bool) -> [Row] {
      guard let output = try? layer.outputShape(for: input) else { return [] }
      func count(_ slots: [ParameterSlot]) -> Int { own ? slots.reduce(0) { $0 + $1.count } : 0 }
      let learned = count(layer.parameters(for: input))
      return [
        Row(
          place: place, layer: text, outputHeight: output.height, outputWidth: output.width,
          outputChannels: output.channels, parameters: frozen ? 0 : learned,
          statistics: count(layer.statistics(for: input)) + (frozen ? learned : 0),
          multiplyAdds: own ? layer.multiplyAdds(for: input) : 0,
          activationBytes: (output.imageCount + (own ? savedCount(of: layer, on: input) : 0))
            * MemoryLayout<Float>.stride)
      ]
    }
    guard let block = layer as? Residual, let branches = try? block.branches(for: input) else {
      return row(layer.text, own: true)
    }
    let inner = [("body", branches.body), ("shortcut", branches.shortcut)].flatMap { name, branch in
      branch.layers.indices.flatMap { index in
        rows(
          of: branch.layers[index], on: branch.shapes[index], place: "\(place).\(name).\(index)",
          frozen: frozen)
      }
    }
    return inner + row(frozen ? "residual frozen" : "residual", own: false)
  }

  /// Floats that the operation of a layer by itself saves for the backward pass, for one image.
  private static func savedCount(of layer: any Layer, on input: Shape) -> Int {
    let context = CompileContext(input: input.batch(1), workerCount: 1, convolution: .im2col)
    return layer.compileForTraining(context).saved.elementCount
  }
}

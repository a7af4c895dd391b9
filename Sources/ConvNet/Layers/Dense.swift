public import Tensors

/// Every output is a weighted sum of every input, plus a bias: y = x·Wᵀ + b, as PyTorch's `Linear`.
public struct Dense: Layer {
  /// Numbers of the output.
  public let outputCount: Int
  /// Whether this layer gives the logits.
  ///
  /// Its weights then start a hundred times smaller, so that the
  /// untrained network is undecided and its loss begins at ln(classes).
  public let isHead: Bool
  /// Whether one number per output is added.
  public let usesBias: Bool
  /// How fresh weights are drawn.
  public let initialization: Initialization

  /// Outputs, or inputs, one task works on.
  private static let blockSize = 64

  /// Creates the layer.
  public init(
    outputCount: Int, isHead: Bool = false, usesBias: Bool = true,
    initialization: Initialization = .he
  ) {
    self.outputCount = outputCount
    self.isHead = isHead
    self.usesBias = usesBias
    self.initialization = initialization
  }

  public var token: String {
    "dense" + (isHead ? "" : " \(outputCount)") + (usesBias ? "" : " no-bias")
      + (initialization == .he ? "" : " initial \(initialization.rawValue)")
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard input.pixelCount == 1 else { throw .notFlat(layer: token, input: input) }
    return Shape(height: 1, width: 1, channels: outputCount)
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    [ParameterSlot(name: "weight", shape: [outputCount, input.channels])]
      + (usesBias ? [ParameterSlot(name: "bias", shape: [outputCount])] : [])
  }

  public func multiplyAdds(for input: Shape) -> Int { input.imageCount * outputCount }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    initialization.values(of: slot, gain: isHead ? 0.01 : 1, using: &generator)
  }

  public func forward(_ pass: ForwardPass) {
    let (batch, inputs) = (pass.inputShape.batch, pass.inputShape.channels)
    let input = Matrix(pass.input, rows: batch, columns: inputs)
    let blocks = blocks(of: outputCount)
    pass.workers.run(blocks.count) { index in
      let block = blocks[index]
      let weights = Matrix(
        pass.parameters[0][block.lowerBound * inputs..<block.upperBound * inputs],
        rows: block.count, columns: inputs)
      columns(block, of: pass.output, rows: batch, stride: outputCount)
        .setProduct(input, weights.transposed)
    }
    if usesBias { Kernels.add(pass.parameters[1], toRowsOf: pass.output) }
  }

  /// ∂L/∂W = gᵀ·x, ∂L/∂b = Σg, ∂L/∂x = g·W.
  public func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    let (batch, inputs) = (forward.inputShape.batch, forward.inputShape.channels)
    let input = Matrix(forward.input, rows: batch, columns: inputs)
    let gradient = Matrix(pass.outputGradient, rows: batch, columns: outputCount)
    let outputBlocks = blocks(of: outputCount)
    forward.workers.run(outputBlocks.count) { index in
      let block = outputBlocks[index]
      let weightGradient = Matrix(
        pass.parameterGradients[0][block.lowerBound * inputs..<block.upperBound * inputs],
        rows: block.count, columns: inputs)
      weightGradient.setProduct(
        columns(block, of: pass.outputGradient, rows: batch, stride: outputCount).transposed, input)
    }
    if usesBias {
      Kernels.sumRows(FeatureMap(pass.outputGradient), into: pass.parameterGradients[1])
    }
    guard let inputGradient = pass.inputGradient else { return }
    let inputBlocks = blocks(of: inputs)
    forward.workers.run(inputBlocks.count) { index in
      let block = inputBlocks[index]
      columns(block, of: inputGradient, rows: batch, stride: inputs).setProduct(
        gradient, columns(block, of: forward.parameters[0], rows: outputCount, stride: inputs))
    }
  }

  private func blocks(of count: Int) -> Shards {
    Shards(of: count, atMost: (count + Self.blockSize - 1) / Self.blockSize)
  }

  /// Some columns of a wider matrix.
  private func columns(
    _ block: Range<Int>, of region: FloatRegion, rows: Int, stride: Int
  ) -> Matrix {
    Matrix(
      region[block.lowerBound..<region.count], rows: rows, columns: block.count, stride: stride)
  }
}

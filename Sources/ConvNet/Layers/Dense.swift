public import Tensors

/// Every output is a weighted sum of every input, plus a bias: y = x·Wᵀ + b, as PyTorch's `Linear`.
public struct Dense: Layer {
  /// Number of outputs; for a head, the classes of its network, or 0 before it is in one.
  public let outputCount: Int
  /// Whether this layer gives the logits.
  ///
  /// Its weights then start a hundred times smaller, so that the untrained network is undecided and
  /// its loss starts at ln(classes).
  public let isHead: Bool
  /// Whether a bias is added to each output.
  public let usesBias: Bool
  /// How initial weights are drawn.
  public let initialization: Initialization

  /// Creates a layer with this many outputs.
  public init(_ outputCount: Int, usesBias: Bool = true, initialization: Initialization = .he) {
    self.init(
      outputCount: outputCount, isHead: false, usesBias: usesBias, initialization: initialization)
  }

  /// Creates the head of a network, with an output for each class.
  public init(usesBias: Bool = true, initialization: Initialization = .he) {
    self.init(outputCount: 0, isHead: true, usesBias: usesBias, initialization: initialization)
  }

  private init(outputCount: Int, isHead: Bool, usesBias: Bool, initialization: Initialization) {
    self.outputCount = outputCount
    self.isHead = isHead
    self.usesBias = usesBias
    self.initialization = initialization
  }

  /// The head of a network with this many classes.
  func giving(_ classCount: Int) -> Dense {
    Dense(
      outputCount: classCount, isHead: isHead, usesBias: usesBias, initialization: initialization)
  }

  public var text: String {
    LayerEntry.dense.text([
      "outputs": isHead ? nil : .count(outputCount), "no-bias": .flag(!usesBias),
      "initial": .word(initialization.rawValue),
    ])
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard input.pixelCount == 1 else { throw .notFlat(layer: text, input: input) }
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

  /// With bfloat16 only inference profits, where weights are rounded once, and whole panels.
  public func compile(_ context: CompileContext) -> any ForwardOperation {
    context.precision == .bfloat16 && outputCount >= 16
      ? PairedDenseOperation(outputs: outputCount, usesBias: usesBias, context)
      : compileForTraining(context)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    DenseOperation(
      inputs: context.input.channels, outputs: outputCount, usesBias: usesBias,
      description: "dense")
  }
}

private struct DenseOperation: TrainingOperation {
  /// Outputs, or inputs, per task.
  private static let blockSize = 64
  /// Images up to which inference multiplies as fast as it reads the weights.
  private static let fewImages = 8

  let inputs: Int, outputs: Int
  let usesBias: Bool
  let description: String
  let backwardReads = BackwardReads.input

  var work: OperationWork {
    OperationWork(multiplyAdds: inputs * outputs, weights: inputs * outputs)
  }

  func forward(_ pass: ForwardPass) {
    let batch = pass.inputShape.batch
    let input = Matrix(pass.input, rows: batch, columns: inputs)
    let blocks = blocks(of: outputs)
    if pass.phase == .inference && batch <= Self.fewImages {
      return pass.workers.run(blocks.count) { index in
        Kernels.dense(
          pass.input, images: batch, weights: pass.parameters[0],
          bias: usesBias ? pass.parameters[1] : nil, outputs: blocks[index], into: pass.output)
      }
    }
    pass.workers.run(blocks.count) { index in
      let block = blocks[index]
      let weights = Matrix(
        pass.parameters[0][block.lowerBound * inputs..<block.upperBound * inputs],
        rows: block.count, columns: inputs)
      columns(block, of: pass.output, rows: batch, stride: outputs)
        .setProduct(input, weights.transposed)
    }
    if usesBias { Kernels.add(pass.parameters[1], toRowsOf: pass.output) }
  }

  /// ∂L/∂W = gᵀ·x, ∂L/∂b = Σg, ∂L/∂x = g·W.
  func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    let batch = forward.inputShape.batch
    let input = Matrix(forward.input, rows: batch, columns: inputs)
    let gradient = Matrix(pass.outputGradient, rows: batch, columns: outputs)
    let outputBlocks = blocks(of: outputs)
    forward.workers.run(outputBlocks.count) { index in
      let block = outputBlocks[index]
      let weightGradient = Matrix(
        pass.parameterGradients[0][block.lowerBound * inputs..<block.upperBound * inputs],
        rows: block.count, columns: inputs)
      weightGradient.setProduct(
        columns(block, of: pass.outputGradient, rows: batch, stride: outputs).transposed, input)
    }
    if usesBias {
      Kernels.sumRows(FeatureMap(pass.outputGradient), into: pass.parameterGradients[1])
    }
    guard let inputGradient = pass.inputGradient else { return }
    let inputBlocks = blocks(of: inputs)
    forward.workers.run(inputBlocks.count) { index in
      let block = inputBlocks[index]
      columns(block, of: inputGradient, rows: batch, stride: inputs).setProduct(
        gradient, columns(block, of: forward.parameters[0], rows: outputs, stride: inputs))
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

extension LayerEntry {
  static let dense = LayerEntry(
    "dense", "weighted sums of all inputs; last, one for each class",
    parameters: [
      .optional("outputs", .count(1...1_048_576), "one for each class"),
      .flag("no-bias", "adds no value per output"), .initial([.he, .glorot, .dirac]),
    ], learns: true, counterpart: "Linear"
  ) { values in
    let (usesBias, initialization) = (!values.flag("no-bias"), values.initialization)
    return values.count("outputs").map {
      Dense($0, usesBias: usesBias, initialization: initialization)
    } ?? Dense(usesBias: usesBias, initialization: initialization)
  }
}

public import Tensors

/// A convolution, computed by im2col and matrix products.
///
/// output[y, x, o] = bias[o] + Σ input[y·stride + r − top, x·stride + q − left, i] ·
/// weight[o, i, r, q], as PyTorch's `Conv2d` (a cross-correlation).
///
/// im2col lays the numbers under the kernel at each position into a row; all positions are then
/// one matrix product with the weights. Rows are made block by block, so that a block stays in the
/// cache.
public struct Convolution: Layer {
  /// Channels of the output.
  public let outputChannels: Int
  /// Rows and columns of the kernel, pixels.
  public let kernelHeight: Int, kernelWidth: Int
  /// Step between two positions, pixels.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding
  /// Whether one number per output channel is added.
  public let usesBias: Bool
  /// How fresh weights are drawn.
  public let initialization: Initialization

  /// Parts of a batch that add up weight gradients on their own, whatever the number of workers.
  private static let shardCount = 8

  /// Creates a convolution; a kernel without a width is square.
  public init(
    outputChannels: Int, kernelHeight: Int = 3, kernelWidth: Int? = nil, stride: Int = 1,
    padding: Padding = .same, usesBias: Bool = true, initialization: Initialization = .he
  ) {
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth ?? kernelHeight
    self.stride = stride
    self.padding = padding
    self.usesBias = usesBias
    self.initialization = initialization
  }

  public var token: String {
    "conv \(outputChannels) \(kernelHeight)x\(kernelWidth)"
      + convolutionOptions(
        stride: stride, padding: padding, usesBias: usesBias, initialization: initialization)
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else {
      throw .doesNotFit(layer: token, input: input)
    }
    return window.output(channels: outputChannels)
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    let weight = ParameterSlot(
      name: "weight", shape: [outputChannels, input.channels, kernelHeight, kernelWidth],
      order: .convolution)
    return [weight] + (usesBias ? [ParameterSlot(name: "bias", shape: [outputChannels])] : [])
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    initialization.values(of: slot, using: &generator)
  }

  public func multiplyAdds(for input: Shape) -> Int {
    window(over: input).map { $0.positionCount * $0.count * outputChannels } ?? 0
  }

  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    guard let window = window(over: input) else { return 0 }
    let blocks = 2 * workers * ColumnBlock.largestCount(window, batch: batch)
    let winograd = WinogradConvolution(window, outputChannels: outputChannels, batch: batch)
    let direct = DirectConvolution(window, outputChannels: outputChannels, batch: batch)
    return max(
      blocks + Self.shardCount * (window.count + 1) * outputChannels,
      winograd?.scratchCount(workers: workers) ?? 0, direct?.scratchCount(workers: workers) ?? 0)
  }

  private func winograd(_ pass: ForwardPass, _ window: Window) -> WinogradConvolution? {
    guard pass.convolution == .automatic else { return nil }
    return WinogradConvolution(
      window, outputChannels: outputChannels, batch: pass.inputShape.batch)
  }

  private func direct(_ pass: ForwardPass, _ window: Window) -> DirectConvolution? {
    guard pass.convolution == .automatic else { return nil }
    return DirectConvolution(
      window, outputChannels: outputChannels, batch: pass.inputShape.batch)
  }

  public func forward(_ pass: ForwardPass) {
    guard let window = window(over: pass.inputShape) else { return }
    if let winograd = winograd(pass, window) {
      winograd.forward(pass, bias: usesBias ? pass.parameters[1] : nil)
      return
    }
    if let direct = direct(pass, window) {
      direct.forward(pass, bias: usesBias ? pass.parameters[1] : nil)
      return
    }
    let blocks = ColumnBlock.cut(images: 0..<pass.inputShape.batch, window)
    let weights = Matrix(pass.parameters[0], rows: window.count, columns: outputChannels)
    let size = ColumnBlock.largestCount(window, batch: pass.inputShape.batch)
    pass.workers.run(blocks.count) { index, worker in
      let block = blocks[index]
      let columns = block.columns(
        of: pass, window, in: pass.scratch[worker * size..<(worker + 1) * size])
      let output = block.rows(of: pass.output, window, channels: outputChannels)
      output.setProduct(columns, weights)
      if usesBias { Kernels.add(pass.parameters[1], toRowsOf: output.region) }
    }
  }

  /// With columns C and output gradient D: ∂L/∂W = Cᵀ·D, ∂L/∂C = D·Wᵀ, and ∂L/∂input adds every
  /// column back to the pixel it came from.
  public func backward(_ pass: BackwardPass) {
    guard let window = window(over: pass.forward.inputShape) else { return }
    let forward = pass.forward
    if let winograd = winograd(forward, window) {
      winograd.backward(pass)
      if usesBias { Kernels.sumRows(pass.outputGradient, into: pass.parameterGradients[1]) }
      return
    }
    if pass.inputGradient == nil, let direct = direct(forward, window) {
      direct.weightGradient(pass)
      if usesBias { Kernels.sumRows(pass.outputGradient, into: pass.parameterGradients[1]) }
      return
    }
    let batch = forward.inputShape.batch
    let parts = shards(of: batch, atMost: Self.shardCount)
    let size = ColumnBlock.largestCount(window, batch: batch)
    let weightCount = window.count * outputChannels
    let weights = Matrix(forward.parameters[0], rows: window.count, columns: outputChannels)
    let sums = forward.scratch[2 * forward.workers.count * size..<forward.scratch.count]
    @Sendable func sum(of shard: Int) -> FloatRegion {
      let start = shard * (weightCount + outputChannels)
      return sums[start..<start + weightCount + outputChannels]
    }

    forward.workers.run(parts.count) { shard, worker in
      let weightSum = Matrix(
        sum(of: shard)[0..<weightCount], rows: window.count, columns: outputChannels)
      let scratch = forward.scratch[2 * worker * size..<2 * (worker + 1) * size]
      if let inputGradient = pass.inputGradient {
        for index in parts[shard] {
          forward.image(index, of: inputGradient, forward.inputShape).fill(0)
        }
      }
      for (position, block) in ColumnBlock.cut(images: parts[shard], window).enumerated() {
        let columns = block.columns(of: forward, window, in: scratch[0..<size])
        let gradient = block.rows(of: pass.outputGradient, window, channels: outputChannels)
        weightSum.setProduct(columns.transposed, gradient, adding: position > 0)
        guard let inputGradient = pass.inputGradient else { continue }
        let columnGradient = Matrix(
          scratch[size..<size + columns.region.count], rows: columns.rows, columns: window.count)
        columnGradient.setProduct(gradient, weights.transposed)
        block.addColumns(columnGradient.region, window, to: inputGradient, forward)
      }
      if usesBias {
        let images = parts[shard]
        let count = window.positionCount * outputChannels
        Kernels.sumRows(
          pass.outputGradient[images.lowerBound * count..<images.upperBound * count],
          into: sum(of: shard)[weightCount..<weightCount + outputChannels])
      }
    }

    pass.parameterGradients.forEach { $0.fill(0) }
    for shard in parts.indices {
      Kernels.add(sum(of: shard)[0..<weightCount], to: pass.parameterGradients[0])
      guard usesBias else { continue }
      Kernels.add(
        sum(of: shard)[weightCount..<weightCount + outputChannels], to: pass.parameterGradients[1])
    }
  }

  private func window(over input: Shape) -> Window? {
    Window(
      over: input, height: kernelHeight, width: kernelWidth, stride: stride, padding: padding)
  }
}

internal import Tensors

/// A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): a quarter of the products.
///
/// Tiles are transformed, multiplied and transformed back block by block, so that a block stays in
/// the cache. Results differ from im2col's by rounding, about 10⁻⁶ of their size. The gradient of
/// the input is the same with the rotated kernel, padded on the other sides.
struct WinogradProduct: Sendable {
  /// Tiles per block: few enough to stay in the second-level cache, and a multiple of the six or
  /// eight that are multiplied at once.
  private static let block = 24

  private let geometry: WinogradGeometry
  private let isBackward: Bool
  /// Channels of the convolution's input and output, in either direction.
  private let inputs: Int, outputs: Int
  /// Transformed weights, and a block of tiles for each worker.
  private let weights: WorkspacePiece<Float>, blocks: WorkspacePiece<Float>

  /// - Precondition: The window fits.
  init(_ plan: ConvolutionPlan, isBackward: Bool, in scratch: inout WorkspaceLayout) {
    geometry = isBackward ? .backward(plan) : .forward(plan)
    self.isBackward = isBackward
    (inputs, outputs) = (plan.window.input.channels, plan.outputChannels)
    weights = scratch.reserve(
      WinogradGeometry.weightCount(depth: geometry.inputs, width: geometry.outputs))
    blocks = scratch.reserve(plan.workerCount * geometry.scratchCount(tiles: Self.block))
  }

  /// Whether the kernel is 3×3 of stride 1, with padding no wider than it reaches.
  static func fits(_ window: Window) -> Bool {
    window.height == 3 && window.width == 3 && window.stride == 1 && window.top <= 2
      && window.left <= 2
  }

  func run(_ input: FeatureMap, _ pass: ForwardPass, _ epilogue: Epilogue) {
    let weights = transformedWeights(pass)
    let memory = pass.scratch[blocks]
    let size = geometry.scratchCount(tiles: Self.block)
    let tileCount = pass.inputShape.batch * geometry.tileCount
    let blockCount = (tileCount + Self.block - 1) / Self.block
    let panelCount = WinogradGeometry.panelCount(geometry.outputs)
    // With few tiles, as for a single image, workers share the channels as well; two panels are
    // multiplied at a time.
    let parts = Shards(
      of: (panelCount + 1) / 2, atMost: (2 * pass.workers.count + blockCount - 1) / blockCount)
    pass.workers.run(blockCount * parts.count) { task, worker in
      let (index, part) = (task / parts.count, parts[task % parts.count])
      Kernels.winogradForward(
        input, geometry, tiles: index * Self.block..<min((index + 1) * Self.block, tileCount),
        panels: 2 * part.lowerBound..<min(2 * part.upperBound, panelCount), weights: weights,
        scratch: memory[worker * size..<(worker + 1) * size], epilogue)
    }
  }

  private func transformedWeights(_ pass: ForwardPass) -> FloatRegion {
    let transformed = pass.scratch[weights]
    pass.workers.run(WinogradGeometry.panelCount(geometry.outputs)) { panel in
      Kernels.winogradWeights(
        pass.parameters[0], inputs: inputs, outputs: outputs, isBackward: isBackward,
        panel: panel, into: transformed)
    }
    return transformed
  }
}

extension WinogradGeometry {
  /// From the input of a convolution to its output.
  static func forward(_ plan: ConvolutionPlan) -> WinogradGeometry {
    WinogradGeometry(
      input: plan.window.input, output: plan.window.output(channels: plan.outputChannels),
      top: plan.window.top, left: plan.window.left)
  }

  /// From the gradient of the output to that of the input.
  static func backward(_ plan: ConvolutionPlan) -> WinogradGeometry {
    WinogradGeometry(
      input: plan.window.output(channels: plan.outputChannels), output: plan.window.input,
      top: 2 - plan.window.top, left: 2 - plan.window.left)
  }
}

internal import Tensors

/// A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): a quarter of the products.
///
/// Tiles are transformed, multiplied and transformed back block by block, so that a block stays in
/// the cache. Results differ from im2col's by rounding, about 10⁻⁶ of their size, or 10⁻² with
/// bfloat16. The gradient of the input is the same with the rotated kernel, padded on the other
/// sides.
struct WinogradProduct: Sendable {
  /// Tiles per block at most: few enough to stay in the second-level cache, and a multiple of the
  /// six or eight that are multiplied at once.
  private static let block = 24

  private let geometry: WinogradGeometry
  private let isBackward: Bool
  /// Transformed weights, and a block of tiles for each worker.
  private let weights: WorkspacePiece<Float>, blocks: WorkspacePiece<Float>

  /// - Precondition: The window fits.
  init(
    _ plan: ConvolutionPlan, isBackward: Bool, prepared: inout WorkspaceLayout,
    scratch: inout WorkspaceLayout
  ) {
    geometry = isBackward ? .backward(plan) : .forward(plan)
    self.isBackward = isBackward
    weights = prepared.reserve(geometry.weightCount)
    blocks = scratch.reserve(plan.workerCount * geometry.scratchCount(tiles: Self.block))
  }

  /// Whether the kernel is 3×3 of stride 1, with padding no wider than it reaches.
  static func fits(_ window: Window) -> Bool {
    window.height == 3 && window.width == 3 && window.stride == 1 && window.top <= 2
      && window.left <= 2
  }

  /// Transforms the weights.
  func prepare(_ pass: ForwardPass, in prepared: Workspace) {
    let transformed = prepared[weights]
    pass.workers.run(geometry.panels.count) { panel in
      Kernels.winogradWeights(
        pass.parameters[0], geometry, isBackward: isBackward, panel: panel, into: transformed)
    }
  }

  func run(
    _ input: FeatureMap, _ pass: ForwardPass, _ epilogue: Epilogue, prepared: Workspace
  ) {
    let weights = prepared[weights]
    let memory = pass.scratch[blocks]
    let size = geometry.scratchCount(tiles: Self.block)
    let tasks = WinogradTasks(
      tiles: pass.inputShape.batch * geometry.tileCount, block: Self.block,
      panels: geometry.panels.count, workers: pass.workers.count)
    pass.workers.run(tasks.count) { task, worker in
      let (tiles, panels) = tasks[task]
      Kernels.winogradForward(
        input, geometry, tiles: tiles, panels: panels, weights: weights,
        scratch: memory[worker * size..<(worker + 1) * size], epilogue)
    }
  }
}

/// How workers share a product: by blocks of tiles, and, where those are too few, by channels.
///
/// No sum depends on it.
private struct WinogradTasks: Sendable {
  private let tiles: Int, panels: Int
  /// Blocks of groups of tiles that are multiplied at once, and parts of pairs of panels.
  private let blocks: Shards, parts: Shards

  init(tiles: Int, block: Int, panels: Int, workers: Int) {
    (self.tiles, self.panels) = (tiles, panels)
    let group = WinogradGeometry.tilesAtOnce
    let groups = (tiles + group - 1) / group
    let fewest = (groups * group + block - 1) / block
    // Each worker gets equally many blocks of nearly the same size; with few tiles, as for a single
    // image, workers share the channels instead, and each reads only its own weights.
    let isDivided = groups >= 4 * workers
    blocks = Shards(
      of: groups, atMost: isDivided ? (fewest + workers - 1) / workers * workers : fewest)
    parts = Shards(
      of: (panels + 1) / 2,
      atMost: isDivided ? 1 : fewest == 1 ? workers : (2 * workers + fewest - 1) / fewest)
  }

  var count: Int { blocks.count * parts.count }

  subscript(task: Int) -> (tiles: Range<Int>, panels: Range<Int>) {
    let group = WinogradGeometry.tilesAtOnce
    let (block, part) = (blocks[task / parts.count], parts[task % parts.count])
    return (
      block.lowerBound * group..<min(block.upperBound * group, tiles),
      2 * part.lowerBound..<min(2 * part.upperBound, panels)
    )
  }
}

extension WinogradGeometry {
  /// From the input of a convolution to its output.
  static func forward(_ plan: ConvolutionPlan) -> WinogradGeometry {
    WinogradGeometry(
      input: plan.window.input, output: plan.window.output(channels: plan.outputChannels),
      top: plan.window.top, left: plan.window.left, precision: plan.precision)
  }

  /// From the gradient of the output to that of the input.
  static func backward(_ plan: ConvolutionPlan) -> WinogradGeometry {
    WinogradGeometry(
      input: plan.window.output(channels: plan.outputChannels), output: plan.window.input,
      top: 2 - plan.window.top, left: 2 - plan.window.left, precision: plan.precision)
  }
}

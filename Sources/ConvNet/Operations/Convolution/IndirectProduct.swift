internal import Tensors

/// A convolution that multiplies rows of the image in place, without a column matrix.
///
/// Each row of the window is one run of values in an image with zeros around it. The gradient of
/// the input is the same with the rotated window.
struct IndirectProduct: Sendable {
  /// Output rows per task; even, so that squares are whole.
  fileprivate static let rowsPerTask = 8

  private let geometry: IndirectGeometry
  private let isBackward: Bool
  /// Weights as the kernel reads them, and a block of rows for each worker.
  private let panels: WorkspacePiece<Float>, blocks: WorkspacePiece<Float>

  init(
    _ geometry: IndirectGeometry, isBackward: Bool, workerCount: Int,
    prepared: inout WorkspaceLayout, scratch: inout WorkspaceLayout
  ) {
    self.geometry = geometry
    self.isBackward = isBackward
    panels = prepared.reserve(geometry.weightCount)
    blocks = scratch.reserve(workerCount * geometry.scratchCount(rows: Self.rowsPerTask))
  }

  /// Whether the padding is not wider than the window reaches.
  static func fits(_ window: Window) -> Bool {
    window.left < window.width && window.top < window.height
  }

  /// Arranges the weights.
  func prepare(_ pass: ForwardPass, in prepared: Workspace) {
    Kernels.indirectWeights(
      pass.parameters[0], geometry, isBackward: isBackward, into: prepared[panels])
  }

  func run(
    _ input: FeatureMap, _ pass: ForwardPass, _ epilogue: Epilogue, prepared: Workspace
  ) {
    let (panels, memory) = (prepared[panels], pass.scratch[blocks])
    let taskCount = geometry.taskCount
    let size = geometry.scratchCount(rows: Self.rowsPerTask)
    pass.workers.run(pass.inputShape.batch * taskCount) { task, worker in
      Kernels.indirectForward(
        input, image: task / taskCount, geometry, rows: geometry.rows(ofTask: task % taskCount),
        panels: panels, scratch: memory[worker * size..<(worker + 1) * size], epilogue)
    }
  }
}

/// The gradient of the weights from rows of the image in place.
struct IndirectWeightGradient: Sendable {
  private let geometry: IndirectGeometry
  /// A gradient of the weights for each shard.
  private let weightSums: ShardSums
  /// Sums as the kernel adds them, and a block of rows, for each worker.
  private let sums: WorkspacePiece<Float>, blocks: WorkspacePiece<Float>

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    geometry = IndirectGeometry(plan)
    weightSums = ShardSums(
      of: geometry.window.count * geometry.outputs, atMost: min(plan.batch, BatchShards.limit),
      sharesBatch: plan.sharesBatch, in: &scratch)
    sums = scratch.reserve(plan.workerCount * geometry.sumCount)
    blocks = scratch.reserve(
      plan.workerCount * geometry.scratchCount(rows: IndirectProduct.rowsPerTask))
  }

  func run(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let forward = pass.forward
    let shards = forward.batch.byImage
    let (sums, memory) = (forward.scratch[sums], forward.scratch[blocks])
    let weights = weightSums.of(shards, forward)
    let sumCount = geometry.sumCount
    let size = geometry.scratchCount(rows: IndirectProduct.rowsPerTask)
    shards.forEach(forward.workers) { shard, images, worker in
      let sum = sums[worker * sumCount..<(worker + 1) * sumCount]
      sum.fill(0)
      for image in images {
        for task in 0..<geometry.taskCount {
          Kernels.indirectWeightSums(
            forward.input, gradient: gradient, image: image, geometry,
            rows: geometry.rows(ofTask: task),
            scratch: memory[worker * size..<(worker + 1) * size], into: sum)
        }
      }
      Kernels.indirectWeightGradient(sum, geometry, into: weights[shard])
    }
    weights.add(into: pass.parameterGradients[0], forward.workers)
  }
}

extension IndirectGeometry {
  /// From the input of a convolution to its output.
  init(_ plan: ConvolutionPlan) {
    self.init(plan.window, outputs: plan.outputChannels, precision: plan.precision)
  }

  /// Tasks, each a run of output rows, per image.
  fileprivate var taskCount: Int {
    (window.outputHeight + IndirectProduct.rowsPerTask - 1) / IndirectProduct.rowsPerTask
  }

  fileprivate func rows(ofTask task: Int) -> Range<Int> {
    let start = task * IndirectProduct.rowsPerTask
    return start..<min(start + IndirectProduct.rowsPerTask, window.outputHeight)
  }
}

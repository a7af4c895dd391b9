internal import Tensors

/// A convolution whose rows are multiplied where they lie, without a column matrix.
///
/// Each row of the window is one run of numbers in an image with zeros around it.
struct IndirectConvolution {
  private let forward: IndirectGeometry
  private let backward: IndirectGeometry?
  private let batch: Int

  /// Rows of the output that are computed at a time; even, so that squares are whole.
  private static let rowsPerTask = 8
  /// Parts of a batch that add up weight gradients on their own, whatever the number of workers.
  private static let shardLimit = 8

  /// Nil where zeros are farther out than the window reaches.
  init?(_ window: Window, outputChannels: Int, batch: Int) {
    guard window.left < window.width, window.top < window.height else { return nil }
    forward = IndirectGeometry(window, outputs: outputChannels)
    backward = forward.backward
    self.batch = batch
  }

  /// Whether there is a gradient with respect to the input: for a stride of one.
  var hasInputGradient: Bool { backward != nil }

  private var shardCount: Int { min(batch, Self.shardLimit) }

  private var scratchPerWorker: Int {
    max(
      forward.scratchCount(rows: Self.rowsPerTask),
      backward?.scratchCount(rows: Self.rowsPerTask) ?? 0)
  }

  private var fixedCount: Int {
    max(forward.weightCount, backward?.weightCount ?? 0, shardCount * forward.sumCount)
  }

  func scratchCount(workers: Int) -> Int { fixedCount + workers * scratchPerWorker }

  private func block(_ worker: Int, _ pass: ForwardPass) -> FloatRegion {
    let start = fixedCount + worker * scratchPerWorker
    return pass.scratch[start..<start + scratchPerWorker]
  }

  func forward(_ pass: ForwardPass, _ epilogue: Epilogue) {
    run(forward, isBackward: false, from: FeatureMap(pass.input), pass, epilogue)
  }

  func inputGradient(_ pass: BackwardPass, _ gradient: FeatureMap, into inputGradient: FloatRegion)
  {
    guard let backward else { preconditionFailure("no gradient of the input for this stride") }
    run(
      backward, isBackward: true, from: gradient, pass.forward,
      Epilogue(bias: nil, into: inputGradient))
  }

  private func run(
    _ geometry: IndirectGeometry, isBackward: Bool, from input: FeatureMap, _ pass: ForwardPass,
    _ epilogue: Epilogue
  ) {
    let panels = pass.scratch[0..<geometry.weightCount]
    Kernels.indirectWeights(
      pass.parameters[0], geometry, isBackward: isBackward, into: panels)
    let blocks = blockCount(geometry)
    pass.workers.run(batch * blocks) { task, worker in
      Kernels.indirectForward(
        input, image: task / blocks, geometry, rows: rows(of: task % blocks, geometry),
        panels: panels, scratch: block(worker, pass), epilogue)
    }
  }

  private func blockCount(_ geometry: IndirectGeometry) -> Int {
    (geometry.window.outputHeight + Self.rowsPerTask - 1) / Self.rowsPerTask
  }

  private func rows(of block: Int, _ geometry: IndirectGeometry) -> Range<Int> {
    let start = block * Self.rowsPerTask
    return start..<min(start + Self.rowsPerTask, geometry.window.outputHeight)
  }

  func weightGradient(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let lent = pass.forward
    let (size, shardCount, blocks) = (forward.sumCount, shardCount, blockCount(forward))
    lent.workers.run(shardCount) { shard, worker in
      let sums = lent.scratch[shard * size..<(shard + 1) * size]
      sums.fill(0)
      for image in batch * shard / shardCount..<batch * (shard + 1) / shardCount {
        for index in 0..<blocks {
          Kernels.indirectWeightSums(
            lent.input, gradient: gradient, image: image, forward,
            rows: rows(of: index, forward), scratch: block(worker, lent), into: sums)
        }
      }
    }
    Kernels.indirectWeightGradient(
      lent.scratch[0..<shardCount * size], shardCount: shardCount, forward,
      into: pass.parameterGradients[0])
  }
}

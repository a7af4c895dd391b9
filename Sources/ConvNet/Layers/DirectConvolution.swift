internal import Tensors

/// A convolution of few channels without a column matrix; nobody needs the gradient of its input.
struct DirectConvolution {
  private let geometry: DirectGeometry
  private let batch: Int

  /// Rows of the output that are computed at a time.
  private static let rowsPerTask = 8
  /// Parts of a batch that add up weight gradients on their own, whatever the number of workers.
  private static let shardLimit = 8

  /// Nil for more channels, where a column matrix costs little beside the products.
  init?(_ window: Window, outputChannels: Int, batch: Int) {
    guard window.input.channels < 8, window.left < window.width, window.top < window.height
    else { return nil }
    geometry = DirectGeometry(window, outputs: outputChannels)
    self.batch = batch
  }

  private var blocks: [Range<Int>] {
    let height = geometry.window.outputHeight
    return stride(from: 0, to: height, by: Self.rowsPerTask).map {
      $0..<min($0 + Self.rowsPerTask, height)
    }
  }

  private var scratchPerWorker: Int { geometry.scratchCount(rows: Self.rowsPerTask) }

  private var fixedCount: Int {
    max(geometry.weightCount, min(batch, Self.shardLimit) * geometry.sumCount)
  }

  func scratchCount(workers: Int) -> Int { fixedCount + workers * scratchPerWorker }

  private func block(_ worker: Int, _ pass: ForwardPass) -> FloatRegion {
    let start = fixedCount + worker * scratchPerWorker
    return pass.scratch[start..<start + scratchPerWorker]
  }

  func forward(_ pass: ForwardPass, bias: FloatRegion?) {
    let panels = pass.scratch[0..<geometry.weightCount]
    Kernels.directWeights(pass.parameters[0], geometry, into: panels)
    let blocks = blocks
    pass.workers.run(batch * blocks.count) { task, worker in
      let image = task / blocks.count
      Kernels.directForward(
        pass.image(image, of: pass.input, pass.inputShape), geometry,
        rows: blocks[task % blocks.count], panels: panels, bias: bias,
        scratch: block(worker, pass), into: pass.image(image, of: pass.output, pass.outputShape))
    }
  }

  func weightGradient(_ pass: BackwardPass) {
    let forward = pass.forward
    let parts = shards(of: batch, atMost: Self.shardLimit)
    let size = geometry.sumCount
    forward.workers.run(parts.count) { shard, worker in
      let sums = forward.scratch[shard * size..<(shard + 1) * size]
      sums.fill(0)
      for image in parts[shard] {
        for rows in blocks {
          Kernels.directWeightSums(
            forward.image(image, of: forward.input, forward.inputShape),
            gradient: forward.image(image, of: pass.outputGradient, forward.outputShape),
            geometry, rows: rows, scratch: block(worker, forward), into: sums)
        }
      }
    }
    Kernels.directWeightGradient(
      forward.scratch[0..<parts.count * size], shardCount: parts.count, geometry,
      into: pass.parameterGradients[0])
  }
}

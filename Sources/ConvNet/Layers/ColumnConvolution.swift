internal import Tensors

/// A convolution by im2col, which faster ways are checked against.
///
/// The numbers under the kernel at each position are laid into a row, and all positions are then one
/// matrix product with the weights. Rows are made block by block, so that a block stays in the cache.
struct ColumnConvolution {
  private let window: Window
  private let outputChannels: Int
  private let batch: Int

  /// Parts of a batch that add up weight gradients on their own, whatever the number of workers.
  private static let shardLimit = 8

  init(_ window: Window, outputChannels: Int, batch: Int) {
    self.window = window
    self.outputChannels = outputChannels
    self.batch = batch
  }

  private var weightCount: Int { window.count * outputChannels }
  private var blockSize: Int { ColumnBlock.largestCount(window, batch: batch) }

  func scratchCount(workers: Int) -> Int {
    2 * workers * blockSize + min(batch, Self.shardLimit) * weightCount
  }

  func forward(_ pass: ForwardPass, _ epilogue: Epilogue) {
    let blocks = ColumnBlock.cut(images: 0..<batch, window)
    let weights = Matrix(pass.parameters[0], rows: window.count, columns: outputChannels)
    let size = blockSize
    pass.workers.run(blocks.count) { index, worker in
      let block = blocks[index]
      let columns = block.columns(
        of: pass, window, in: pass.scratch[worker * size..<(worker + 1) * size])
      let output = block.rows(of: pass.output, window, channels: outputChannels)
      output.setProduct(columns, weights)
      if let bias = epilogue.bias { Kernels.add(bias, toRowsOf: output.region) }
    }
  }

  /// With columns C and output gradient D: ∂L/∂W = Cᵀ·D, ∂L/∂C = D·Wᵀ, and ∂L/∂input adds every
  /// column back to the pixel it came from.
  func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    let parts = Shards(of: batch, atMost: Self.shardLimit)
    let (size, weightCount) = (blockSize, weightCount)
    let weights = Matrix(forward.parameters[0], rows: window.count, columns: outputChannels)
    let sums = forward.scratch[2 * forward.workers.count * size..<forward.scratch.count]

    forward.workers.run(parts.count) { shard, worker in
      let weightSum = Matrix(
        sums[shard * weightCount..<(shard + 1) * weightCount], rows: window.count,
        columns: outputChannels)
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
    }

    pass.parameterGradients[0].fill(0)
    for shard in parts.indices {
      Kernels.add(
        sums[shard * weightCount..<(shard + 1) * weightCount], to: pass.parameterGradients[0])
    }
  }
}

internal import Tensors

/// A convolution by im2col, the reference for faster methods.
///
/// The values under the kernel at each position are copied into a row; all positions are then one
/// matrix product with the weights. Rows are copied block by block, so that a block stays in the
/// cache.
struct ColumnProduct: Sendable {
  private let window: Window
  private let outputChannels: Int
  private let blockSize: Int
  /// A block for each worker.
  private let columns: WorkspacePiece<Float>

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    window = plan.window
    outputChannels = plan.outputChannels
    blockSize = ColumnBlock.largestCount(window, batch: plan.batch)
    columns = scratch.reserve(plan.workerCount * blockSize)
  }

  /// Writes the sums, and adds the bias of the epilogue to them.
  func run(_ pass: ForwardPass, _ epilogue: Epilogue) {
    // A block has the images it would have in the whole batch: a product may depend on its size.
    let blocks = pass.batch.byImage.ownRows.flatMap { ColumnBlock.cut(images: $0, window) }
    let weights = Matrix(pass.parameters[0], rows: window.count, columns: outputChannels)
    let memory = pass.scratch[columns]
    pass.workers.run(blocks.count) { index, worker in
      let block = blocks[index]
      let columns = block.columns(
        of: pass, window, in: memory[worker * blockSize..<(worker + 1) * blockSize])
      let output = block.rows(of: pass.output, window, channels: outputChannels)
      output.setProduct(columns, weights)
      if let bias = epilogue.bias { Kernels.add(bias, toRowsOf: output.region) }
    }
  }
}

/// The gradients of a convolution by im2col.
///
/// With columns C and output gradient D: ∂L/∂W = Cᵀ·D, ∂L/∂C = D·Wᵀ, and ∂L/∂input adds every
/// column back to the pixel it came from.
struct ColumnGradients: Sendable {
  private let window: Window
  private let outputChannels: Int
  private let blockSize: Int
  /// A block for each worker.
  private let columns: WorkspacePiece<Float>, columnGradients: WorkspacePiece<Float>
  /// A gradient of the weights for each shard.
  private let weightSums: ShardSums

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    window = plan.window
    outputChannels = plan.outputChannels
    blockSize = ColumnBlock.largestCount(window, batch: plan.batch)
    columns = scratch.reserve(plan.workerCount * blockSize)
    columnGradients = scratch.reserve(plan.workerCount * blockSize)
    weightSums = ShardSums(
      of: window.count * outputChannels, atMost: min(plan.batch, BatchShards.limit),
      sharesBatch: plan.sharesBatch, in: &scratch)
  }

  /// Writes the gradient of the weights and, if needed, of the input.
  func run(_ pass: BackwardPass) {
    let forward = pass.forward
    let shards = forward.batch.byImage
    let weights = Matrix(forward.parameters[0], rows: window.count, columns: outputChannels)
    let (columnMemory, gradientMemory) = (
      forward.scratch[columns], forward.scratch[columnGradients]
    )
    let sums = weightSums.of(shards, forward)

    shards.forEach(forward.workers) { shard, images, worker in
      let weightSum = Matrix(sums[shard], rows: window.count, columns: outputChannels)
      let own = worker * blockSize..<(worker + 1) * blockSize
      if let inputGradient = pass.inputGradient {
        for index in images {
          forward.image(index, of: inputGradient, forward.inputShape).fill(0)
        }
      }
      for (position, block) in ColumnBlock.cut(images: images, window).enumerated() {
        let columns = block.columns(of: forward, window, in: columnMemory[own])
        let gradient = block.rows(of: pass.outputGradient, window, channels: outputChannels)
        weightSum.setProduct(columns.transposed, gradient, adding: position > 0)
        guard let inputGradient = pass.inputGradient else { continue }
        let columnGradient = Matrix(
          gradientMemory[own][0..<columns.region.count], rows: columns.rows, columns: window.count)
        columnGradient.setProduct(gradient, weights.transposed)
        block.addColumns(columnGradient.region, window, to: inputGradient, forward)
      }
    }
    sums.add(into: pass.parameterGradients[0], forward.workers)
  }
}

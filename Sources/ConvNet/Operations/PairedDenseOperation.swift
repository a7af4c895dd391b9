internal import Tensors

/// A dense layer of bfloat16 in inference: it reads half as many bytes of weights.
struct PairedDenseOperation: ForwardOperation {
  /// Panels of 16 outputs per task.
  private static let panelsPerTask = 4

  private let dense: PairedDense
  private let usesBias: Bool
  private let tasks: Shards
  /// Memory of the sums of one task.
  private let sumCount: Int
  private let weights: WorkspacePiece<Float>, rows: WorkspacePiece<Float>
  /// Sums for each worker.
  private let sums: WorkspacePiece<Float>
  let scratch: WorkspaceLayout, prepared: WorkspaceLayout
  let description = "dense bfloat16"

  init(outputs: Int, usesBias: Bool, _ context: CompileContext) {
    dense = PairedDense(inputs: context.input.channels, outputs: outputs)
    self.usesBias = usesBias
    tasks = Shards(
      of: dense.panelCount,
      atMost: (dense.panelCount + Self.panelsPerTask - 1) / Self.panelsPerTask)
    sumCount = dense.sumCount(images: context.input.batch, panels: Self.panelsPerTask)
    var (scratch, prepared) = (WorkspaceLayout(), WorkspaceLayout())
    weights = prepared.reserve(dense.weightCount)
    rows = scratch.reserve(dense.rowCount(images: context.input.batch))
    sums = scratch.reserve(context.workerCount * sumCount)
    (self.scratch, self.prepared) = (scratch, prepared)
  }

  var work: OperationWork {
    OperationWork(multiplyAdds: dense.inputs * dense.outputs, weights: dense.weightCount)
  }

  func prepare(_ pass: ForwardPass) {
    let weights = pass.prepared[weights]
    pass.workers.run(dense.panelCount) { panel in
      Kernels.densePanel(pass.parameters[0], dense, panel: panel, into: weights)
    }
  }

  func forward(_ pass: ForwardPass) {
    let (weights, rows, sums) = (pass.prepared[weights], pass.scratch[rows], pass.scratch[sums])
    Kernels.denseRows(pass.input, dense, into: rows)
    pass.workers.run(tasks.count) { task, worker in
      Kernels.dense(
        rows, dense, panels: tasks[task], weights: weights,
        bias: usesBias ? pass.parameters[1] : nil,
        scratch: sums[worker * sumCount..<(worker + 1) * sumCount], into: pass.output)
    }
  }
}

internal import Tensors

/// Batch normalization by running statistics: a scale and a shift for each channel, optionally with
/// a rectifier and a maximum over squares.
struct InferenceNormalization: ForwardOperation {
  /// Runs of rows, which the workers share.
  private static let shardCount = 16

  private let epsilon: Float
  private let rectifies: Bool
  private let scale: WorkspacePiece<Float>, shift: WorkspacePiece<Float>
  /// The kernel writes arg-max indices; nothing reads them here.
  private let argMax: WorkspacePiece<UInt8>?
  let scratch: WorkspaceLayout, prepared: WorkspaceLayout
  let description: String
  let dividesBatch = true

  init(
    _ layer: BatchNormalization, _ context: CompileContext, rectifies: Bool = false,
    pools: Bool = false
  ) {
    epsilon = layer.epsilon
    self.rectifies = rectifies
    var (scratch, prepared) = (WorkspaceLayout(), WorkspaceLayout())
    scale = prepared.reserve(context.input.channels)
    shift = prepared.reserve(context.input.channels)
    argMax = pools ? scratch.reserveBytes(context.input.pooled.count) : nil
    (self.scratch, self.prepared) = (scratch, prepared)
    description = "batchnorm" + (rectifies ? " + relu" : "") + (pools ? " + pool 2" : "")
  }

  func prepare(_ pass: ForwardPass) {
    let (scale, shift) = (pass.prepared[scale], pass.prepared[shift])
    for channel in 0..<scale.count {
      let inverseDeviation = 1 / (pass.statistics[1][channel] + epsilon).squareRoot()
      scale[channel] = pass.parameters[0][channel] * inverseDeviation
      shift[channel] = pass.parameters[1][channel] - pass.statistics[0][channel] * scale[channel]
    }
  }

  func forward(_ pass: ForwardPass) {
    let channels = pass.inputShape.channels
    let map = ChannelMap(
      scale: pass.prepared[scale], shift: pass.prepared[shift], rectifies: rectifies)
    guard let argMax else {
      let shards = Shards(of: pass.input.count / channels, atMost: Self.shardCount)
      return pass.workers.run(shards.count) { shard in
        let range = shards[shard].lowerBound * channels..<shards[shard].upperBound * channels
        Kernels.scaleAndShift(pass.input[range], map, into: pass.output[range])
      }
    }
    let shards = Shards(of: SquareRows.count(in: pass.inputShape), atMost: Self.shardCount)
    pass.workers.run(shards.count) { shard in
      Kernels.scaleAndPool(
        pass.input, SquareRows(shards[shard], of: pass.inputShape), map, into: pass.output,
        argMax: pass.scratch[argMax])
    }
  }
}

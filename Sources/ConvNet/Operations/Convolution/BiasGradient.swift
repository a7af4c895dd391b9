internal import Tensors

/// ∂loss/∂bias: the sum of each channel over all rows, in shards.
struct BiasGradient: Sendable {
  private static let shardLimit = 16

  private let channels: Int
  private let partialSums: WorkspacePiece<Float>

  init(channels: Int, in scratch: inout WorkspaceLayout) {
    self.channels = channels
    partialSums = scratch.reserve(Self.shardLimit * channels)
  }

  func run(_ gradient: FeatureMap, _ pass: ForwardPass, into sums: FloatRegion) {
    let partialSums = pass.scratch[partialSums]
    let rows = gradient.values.count / channels
    let shards = pass.batch.rows(
      perImage: rows / pass.batch.images.count, atMost: Self.shardLimit)
    shards.forEach(pass.workers) { shard, rows, _ in
      Kernels.sumRows(
        gradient, rows: rows, into: partialSums[shard * channels..<(shard + 1) * channels])
    }
    shards.gather(partialSums[0..<shards.count * channels], each: channels)
    sums.fill(0)
    for shard in 0..<shards.count {
      Kernels.add(partialSums[shard * channels..<(shard + 1) * channels], to: sums)
    }
  }
}

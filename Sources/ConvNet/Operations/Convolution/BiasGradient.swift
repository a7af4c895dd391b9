internal import Tensors

/// ∂loss/∂bias: the sum of each channel over all rows, in shards.
struct BiasGradient: Sendable {
  private static let shardLimit = 16

  private let channels: Int
  private let partialSums: ShardSums

  init(channels: Int, sharesBatch: Bool, in scratch: inout WorkspaceLayout) {
    self.channels = channels
    partialSums = ShardSums(
      of: channels, atMost: Self.shardLimit, sharesBatch: sharesBatch, in: &scratch)
  }

  func run(_ gradient: FeatureMap, _ pass: ForwardPass, into total: FloatRegion) {
    let rows = gradient.values.count / channels
    let shards = pass.batch.rows(
      perImage: rows / pass.batch.images.count, atMost: Self.shardLimit)
    let sums = partialSums.of(shards, pass)
    shards.forEach(pass.workers) { shard, rows, _ in
      Kernels.sumRows(gradient, rows: rows, into: sums[shard])
    }
    sums.add(into: total, pass.workers)
  }
}

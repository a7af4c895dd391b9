internal import Tensors

/// ∂loss/∂bias: the sum of each channel over all rows, in shards that do not depend on the workers.
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
    let shards = Shards(of: gradient.values.count / channels, atMost: Self.shardLimit)
    pass.workers.run(shards.count) { shard in
      Kernels.sumRows(
        gradient, rows: shards[shard],
        into: partialSums[shard * channels..<(shard + 1) * channels])
    }
    sums.fill(0)
    for shard in shards.indices {
      Kernels.add(partialSums[shard * channels..<(shard + 1) * channels], to: sums)
    }
  }
}

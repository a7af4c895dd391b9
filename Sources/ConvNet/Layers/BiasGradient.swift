internal import Tensors

/// ∂loss/∂bias: the sum of each channel over all rows, in parts that do not depend on the workers.
enum BiasGradient {
  private static let shardLimit = 16

  static func scratchCount(channels: Int) -> Int { shardLimit * channels }

  /// - Parameter scratch: At least `scratchCount` numbers.
  static func sum(
    _ gradient: FeatureMap, workers: Workers, scratch: FloatRegion, into sums: FloatRegion
  ) {
    let channels = sums.count
    let rows = gradient.values.count / channels
    let shards = max(1, min(rows, shardLimit))
    workers.run(shards) { shard in
      Kernels.sumRows(
        gradient, rows: rows * shard / shards..<rows * (shard + 1) / shards,
        into: scratch[shard * channels..<(shard + 1) * channels])
    }
    sums.fill(0)
    for shard in 0..<shards {
      Kernels.add(scratch[shard * channels..<(shard + 1) * channels], to: sums)
    }
  }
}

internal import Tensors

/// The gradient of the weights by Winograd's F(4×4, 3×3).
///
/// If the transformed gradient is small, each shard of the batch sums its own copy; if it is large,
/// the workers share the 36 points of a tile instead.
struct WinogradWeightGradient: Sendable {
  /// Tiles of input and gradient that one worker transforms at a time.
  private static let transformed = 32
  /// Transformed values that are multiplied point by point: an eighth of a typical third-level
  /// cache.
  private static let blockCapacity = 1 << 20
  /// Above this many values, sums are too large for a copy per shard.
  private static let sumCapacity = 1 << 19
  private let geometry: WinogradGeometry
  /// Transformed gradients, one in all or one per shard; blocks of tiles, one in all or one per
  /// worker.
  private let sums: WorkspacePiece<Float>, blocks: WorkspacePiece<Float>
  /// The maps of all images, where points are shared by processes.
  private let maps: MapsOfAllImages?

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    let geometry = WinogradGeometry.forward(plan)
    self.geometry = geometry
    let blockSize = Self.blockSize(geometry, batch: plan.batch)
    let hasShards = Self.hasShards(geometry)
    sums = scratch.reserve((hasShards ? BatchShards.limit : 1) * geometry.sumCount)
    blocks = scratch.reserve((hasShards ? plan.workerCount : 1) * blockSize)
    maps = hasShards || !plan.sharesBatch ? nil : MapsOfAllImages(plan, in: &scratch)
  }

  private static func hasShards(_ geometry: WinogradGeometry) -> Bool {
    geometry.sumCount <= sumCapacity
  }

  /// Tiles whose products are summed at a time.
  private static func tilesPerBlock(_ geometry: WinogradGeometry, batch: Int) -> Int {
    guard !hasShards(geometry) else { return transformed }
    let counts = geometry.blockCounts(tiles: transformed)
    let fitting = blockCapacity / (counts.input + counts.gradient)
    return min(batch * geometry.tileCount, max(4, fitting) * transformed)
  }

  private static func blockSize(_ geometry: WinogradGeometry, batch: Int) -> Int {
    let counts = geometry.blockCounts(tiles: tilesPerBlock(geometry, batch: batch))
    return counts.input + counts.gradient
  }

  func run(_ pass: BackwardPass, _ gradient: FeatureMap) {
    if Self.hasShards(geometry) { sumShards(pass, gradient) } else { sumPoints(pass, gradient) }
    let sums = pass.forward.scratch[sums][0..<geometry.sumCount]
    pass.forward.workers.run(WinogradGeometry.panelCount(geometry.outputs)) { panel in
      Kernels.winogradWeightGradient(sums, geometry, panel: panel, into: pass.parameterGradients[0])
    }
  }

  private func block(_ index: Int, _ pass: ForwardPass) -> WinogradBlock {
    let batch = pass.batch.imageCount
    let size = Self.blockSize(geometry, batch: batch)
    return WinogradBlock(
      geometry, tiles: Self.tilesPerBlock(geometry, batch: batch),
      in: pass.scratch[blocks][index * size..<(index + 1) * size])
  }

  /// Each worker transforms and multiplies its tiles, which stay in its cache.
  private func sumShards(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let forward = pass.forward
    let memory = forward.scratch[self.sums]
    let shards = forward.batch.rows(perImage: geometry.tileCount, atMost: BatchShards.limit)
    @Sendable func sums(_ shard: Int) -> FloatRegion {
      memory[shard * geometry.sumCount..<(shard + 1) * geometry.sumCount]
    }
    shards.forEach(forward.workers) { shard, shardTiles, worker in
      let block = block(worker, forward)
      for start in stride(
        from: shardTiles.lowerBound, to: shardTiles.upperBound, by: block.tileCount)
      {
        let tiles = start..<min(start + block.tileCount, shardTiles.upperBound)
        Kernels.winogradTransform(
          forward.input, gradient: gradient, tiles: tiles, at: 0, into: block)
        for point in 0..<WinogradGeometry.pointCount {
          Kernels.winogradPointSums(
            block, point: point, tiles: tiles.count, adding: start > shardTiles.lowerBound,
            into: sums(shard))
        }
      }
    }
    shards.gather(memory[0..<shards.count * geometry.sumCount], each: geometry.sumCount)
    let parts = Shards(of: geometry.sumCount, atMost: WinogradGeometry.pointCount)
    forward.workers.run(parts.count) { part in
      for shard in 1..<max(1, shards.count) {
        Kernels.add(sums(shard)[parts[part]], to: sums(0)[parts[part]])
      }
    }
  }

  /// Many tiles are transformed; then each point is multiplied by one worker of one process.
  private func sumPoints(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let forward = pass.forward
    let sums = forward.scratch[sums]
    let (batch, block) = (forward.batch, block(0, forward))
    let (input, gradient) =
      maps?.gather(pass, gradient) ?? (input: forward.input, gradient: gradient)
    let tileCount = batch.imageCount * geometry.tileCount
    let points = batch.tasks(WinogradGeometry.pointCount)
    for start in stride(from: 0, to: tileCount, by: block.tileCount) {
      let count = min(block.tileCount, tileCount - start)
      forward.workers.run((count + Self.transformed - 1) / Self.transformed) { task in
        let place = task * Self.transformed
        let tiles = start + place..<start + min(place + Self.transformed, count)
        Kernels.winogradTransform(
          input, gradient: gradient, tiles: tiles, at: place, into: block)
      }
      forward.workers.run(points.count) { task in
        Kernels.winogradPointSums(
          block, point: points.lowerBound + task, tiles: count, adding: start > 0, into: sums)
      }
    }
    batch.gather(
      sums[0..<geometry.sumCount], ofTasks: WinogradGeometry.pointCount,
      each: geometry.sumCount / WinogradGeometry.pointCount)
  }
}

/// The input of a convolution and the gradient of its output for all images of a batch, of which
/// each process has some: with many channels they are smaller than the gradient of the weights.
private struct MapsOfAllImages: Sendable {
  private let input: WorkspacePiece<Float>, gradient: WorkspacePiece<Float>
  private let argMax: WorkspacePiece<UInt8>

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    let outputs = plan.batch * plan.window.positionCount * plan.outputChannels
    input = scratch.reserve(plan.batch * plan.window.input.imageCount)
    gradient = scratch.reserve(outputs)
    argMax = scratch.reserveBytes(outputs)
  }

  /// Brings the maps of all processes together.
  func gather(
    _ pass: BackwardPass, _ own: FeatureMap
  ) -> (input: FloatRegion, gradient: FeatureMap) {
    let (forward, batch) = (pass.forward, pass.forward.batch)
    guard batch.isShared else { return (forward.input, own) }
    func all(_ own: FloatRegion, _ piece: WorkspacePiece<Float>) -> FloatRegion {
      let size = own.count / batch.images.count
      let all = forward.scratch[piece][0..<batch.imageCount * size]
      batch.images(of: all, each: size).copy(from: own)
      batch.gather(imagesOf: all, each: size)
      return all
    }
    let (inputs, gradients) = (all(forward.input, input), all(own.values, gradient))
    guard let indices = own.argMax else { return (inputs, FeatureMap(gradients)) }
    let size = own.values.count / batch.images.count
    let all = forward.scratch[argMax]
    all.copy(from: indices, count: own.values.count, to: batch.images.lowerBound * size)
    batch.gather(imagesOf: all, each: size)
    return (inputs, FeatureMap(gradients, argMax: all))
  }
}

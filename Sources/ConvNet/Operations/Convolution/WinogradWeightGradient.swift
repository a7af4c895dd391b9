internal import Tensors

/// The gradient of the weights by Winograd's F(4×4, 3×3).
///
/// If the transformed gradient is small, each worker sums that of a shard of the batch; if it is
/// large, the workers share the 36 points of a tile instead, and processes the output channels.
struct WinogradWeightGradient: Sendable {
  /// Tiles of input and gradient that one worker transforms at a time.
  private static let transformed = 32
  /// Transformed values that are multiplied point by point: an eighth of a typical third-level
  /// cache.
  private static let blockCapacity = 1 << 20
  /// Above this many values, sums are too large for each worker to have its own.
  private static let sumCapacity = 1 << 19
  private let geometry: WinogradGeometry
  /// A gradient of the weights for each shard; nil if the workers share points.
  private let weightSums: ShardSums?
  /// Transformed gradients and blocks of tiles: one in all, or one for each worker.
  private let sums: WorkspacePiece<Float>, blocks: WorkspacePiece<Float>
  /// What processes need that share output channels.
  private let sharing: Sharing?

  private struct Sharing: Sendable {
    let maps: MapsOfAllImages
    /// Gradients of the weights, panel by panel of the outputs.
    let panels: WorkspacePiece<Float>
  }

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    let geometry = WinogradGeometry.forward(plan)
    self.geometry = geometry
    let blockSize = Self.blockSize(geometry, batch: plan.batch)
    let hasShards = Self.hasShards(geometry)
    let count = hasShards ? plan.workerCount : 1
    sums = scratch.reserve(count * geometry.sumCount)
    blocks = scratch.reserve(count * blockSize)
    weightSums =
      hasShards
      ? ShardSums(
        of: 9 * geometry.inputs * geometry.outputs, atMost: BatchShards.limit,
        sharesBatch: plan.sharesBatch, in: &scratch) : nil
    sharing =
      hasShards || !plan.sharesBatch
      ? nil
      : Sharing(
        maps: MapsOfAllImages(plan, in: &scratch),
        panels: scratch.reserve(geometry.panels.count * Self.panelSize(geometry)))
  }

  private static func hasShards(_ geometry: WinogradGeometry) -> Bool {
    geometry.sumCount <= sumCapacity
  }

  /// Values of the gradient of a whole panel.
  private static func panelSize(_ geometry: WinogradGeometry) -> Int {
    9 * geometry.inputs * WinogradGeometry.panelWidth
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
    if let weightSums { sumShards(weightSums, pass, gradient) } else { sumPoints(pass, gradient) }
  }

  private func block(_ index: Int, _ pass: ForwardPass) -> WinogradBlock {
    let batch = pass.batch.imageCount
    let size = Self.blockSize(geometry, batch: batch)
    return WinogradBlock(
      geometry, tiles: Self.tilesPerBlock(geometry, batch: batch),
      in: pass.scratch[blocks][index * size..<(index + 1) * size])
  }

  /// Each worker transforms and multiplies the tiles of a shard, which stay in its cache.
  private func sumShards(_ weightSums: ShardSums, _ pass: BackwardPass, _ gradient: FeatureMap) {
    let forward = pass.forward
    let memory = forward.scratch[sums]
    let shards = forward.batch.rows(perImage: geometry.tileCount, atMost: BatchShards.limit)
    let weights = weightSums.of(shards, forward)
    shards.forEach(forward.workers) { shard, shardTiles, worker in
      let block = block(worker, forward)
      let sums = memory[worker * geometry.sumCount..<(worker + 1) * geometry.sumCount]
      for start in stride(
        from: shardTiles.lowerBound, to: shardTiles.upperBound, by: block.tileCount)
      {
        let tiles = start..<min(start + block.tileCount, shardTiles.upperBound)
        Kernels.winogradTransform(
          forward.input, gradient: gradient, tiles: tiles, at: 0, into: block)
        for point in 0..<WinogradGeometry.pointCount {
          Kernels.winogradPointSums(
            block, point: point, panels: geometry.panels, tiles: tiles.count,
            adding: start > shardTiles.lowerBound, into: sums)
        }
      }
      for panel in geometry.panels {
        Kernels.winogradWeightGradient(sums, geometry, panel: panel, into: weights[shard])
      }
    }
    weights.add(into: pass.parameterGradients[0], forward.workers)
  }

  /// Many tiles are transformed; then each point is multiplied by one worker.
  private func sumPoints(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let (forward, batch) = (pass.forward, pass.forward.batch)
    let (sums, block) = (forward.scratch[sums][0..<geometry.sumCount], block(0, forward))
    let (input, gradient) =
      sharing?.maps.gather(pass, gradient) ?? (input: forward.input, gradient: gradient)
    let tileCount = batch.imageCount * geometry.tileCount
    let panels = batch.tasks(geometry.panels.count)
    for start in stride(from: 0, to: panels.isEmpty ? 0 : tileCount, by: block.tileCount) {
      let count = min(block.tileCount, tileCount - start)
      forward.workers.run((count + Self.transformed - 1) / Self.transformed) { task in
        let place = task * Self.transformed
        let tiles = start + place..<start + min(place + Self.transformed, count)
        Kernels.winogradTransform(
          input, gradient: gradient, tiles: tiles, at: place, into: block)
      }
      forward.workers.run(WinogradGeometry.pointCount) { point in
        Kernels.winogradPointSums(
          block, point: point, panels: panels, tiles: count, adding: start > 0, into: sums)
      }
    }
    let weights = pass.parameterGradients[0]
    guard batch.isShared, let sharing else {
      return forward.workers.run(panels.count) { panel in
        Kernels.winogradWeightGradient(sums, geometry, panel: panel, into: weights)
      }
    }
    let (gradients, size) = (forward.scratch[sharing.panels], Self.panelSize(geometry))
    @Sendable func part(_ panel: Int) -> FloatRegion {
      let count = 9 * geometry.inputs * geometry.outputs(ofPanel: panel).count
      return gradients[panel * size..<panel * size + count]
    }
    forward.workers.run(panels.count) { task in
      let panel = panels.lowerBound + task
      Kernels.winogradPanelGradient(sums, geometry, panel: panel, into: part(panel))
    }
    batch.gather(gradients, ofTasks: geometry.panels.count, each: size)
    forward.workers.run(geometry.panels.count) { panel in
      Kernels.copy(
        part(panel), intoColumns: geometry.outputs(ofPanel: panel), of: weights,
        stride: geometry.outputs)
    }
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

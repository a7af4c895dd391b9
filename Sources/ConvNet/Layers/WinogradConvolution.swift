internal import Tensors

/// A convolution of 3×3 and stride 1 by Winograd's F(4×4, 3×3): a quarter of the products.
///
/// Tiles are transformed, multiplied and transformed back block by block, so that a block stays in
/// the cache. Results differ from im2col's by rounding, about 10⁻⁶ of their size.
struct WinogradConvolution {
  private let forward: WinogradGeometry
  /// From the gradient of the output to that of the input: the turned kernel, padded the other way.
  private let backward: WinogradGeometry
  private let inputs: Int, outputs: Int
  private let tileCount: Int, backwardTileCount: Int

  /// Tiles that are transformed and multiplied at a time: few enough to stay in the second-level
  /// cache, and a multiple of the six or eight that are multiplied at once.
  private static let block = 24
  /// Tiles of input and gradient that one worker transforms at a time.
  private static let transformed = 32
  /// Numbers of transformed tiles that are multiplied point by point: an eighth of a usual
  /// third-level cache.
  private static let blockCapacity = 1 << 20
  /// Sums of more numbers are too many for a copy for each shard.
  private static let sumCapacity = 1 << 19
  /// Parts of a batch that add up weight gradients on their own, whatever the number of workers.
  private static let shardLimit = 8

  /// Nil for other kernels.
  init?(_ window: Window, outputChannels: Int, batch: Int) {
    guard window.height == 3, window.width == 3, window.stride == 1, window.top <= 2,
      window.left <= 2
    else { return nil }
    let input = Shape(
      height: window.input.height, width: window.input.width, channels: window.input.channels)
    let output = Shape(
      height: window.outputHeight, width: window.outputWidth, channels: outputChannels)
    forward = WinogradGeometry(
      input: input, output: output, top: window.top, left: window.left)
    backward = WinogradGeometry(
      input: output, output: input, top: 2 - window.top, left: 2 - window.left)
    (inputs, outputs) = (input.channels, outputChannels)
    tileCount = batch * forward.tileCount
    backwardTileCount = batch * backward.tileCount
  }

  /// Whether shards have sums of their own; else points are shared among the workers.
  private var hasShards: Bool { forward.sumCount <= Self.sumCapacity }

  /// Tiles whose products are summed at a time.
  private var summedCount: Int {
    guard !hasShards else { return Self.transformed }
    let counts = forward.blockCounts(tiles: Self.transformed)
    let fitting = Self.blockCapacity / (counts.input + counts.gradient)
    return min(tileCount, max(4, fitting) * Self.transformed)
  }

  private var weightCount: Int {
    max(
      WinogradGeometry.weightCount(depth: inputs, width: outputs),
      WinogradGeometry.weightCount(depth: outputs, width: inputs))
  }

  private var scratchPerWorker: Int {
    max(forward.scratchCount(tiles: Self.block), backward.scratchCount(tiles: Self.block))
  }

  private var blockCount: Int {
    let counts = forward.blockCounts(tiles: summedCount)
    return counts.input + counts.gradient
  }

  /// Outputs and gradients of the weights are not computed at the same time.
  func scratchCount(workers: Int) -> Int {
    let gradients =
      hasShards
      ? Self.shardLimit * forward.sumCount + workers * blockCount : forward.sumCount + blockCount
    return max(weightCount + workers * scratchPerWorker, gradients)
  }

  /// Whether ∂loss/∂output may be that of a pooled map.
  var canPool: Bool { backward.isPaddedByOne }

  func forward(_ pass: ForwardPass, _ epilogue: Epilogue) {
    run(forward, isBackward: false, tiles: tileCount, from: FeatureMap(pass.input), pass, epilogue)
  }

  func inputGradient(_ pass: BackwardPass, _ gradient: FeatureMap, into inputGradient: FloatRegion)
  {
    run(
      backward, isBackward: true, tiles: backwardTileCount, from: gradient, pass.forward,
      Epilogue(bias: nil, into: inputGradient))
  }

  private func run(
    _ geometry: WinogradGeometry, isBackward: Bool, tiles: Int, from input: FeatureMap,
    _ pass: ForwardPass, _ epilogue: Epilogue
  ) {
    let weights = transformedWeights(pass, isBackward: isBackward)
    let (first, size) = (weightCount, scratchPerWorker)
    let blocks = (tiles + Self.block - 1) / Self.block
    let panelCount = WinogradGeometry.panelCount(geometry.outputs)
    // With few tiles, as of a single image, workers share the channels as well; two panels are
    // multiplied at a time.
    let parts = Shards(
      of: (panelCount + 1) / 2, atMost: (2 * pass.workers.count + blocks - 1) / blocks)
    pass.workers.run(blocks * parts.count) { task, worker in
      let (index, part) = (task / parts.count, parts[task % parts.count])
      Kernels.winogradForward(
        input, geometry, tiles: index * Self.block..<min((index + 1) * Self.block, tiles),
        panels: 2 * part.lowerBound..<min(2 * part.upperBound, panelCount), weights: weights,
        scratch: pass.scratch[first + worker * size..<first + (worker + 1) * size], epilogue)
    }
  }

  private func transformedWeights(_ pass: ForwardPass, isBackward: Bool) -> FloatRegion {
    let (depth, width) = isBackward ? (outputs, inputs) : (inputs, outputs)
    let transformed = pass.scratch[
      0..<WinogradGeometry.weightCount(depth: depth, width: width)]
    pass.workers.run(WinogradGeometry.panelCount(width)) { panel in
      Kernels.winogradWeights(
        pass.parameters[0], inputs: inputs, outputs: outputs, isBackward: isBackward,
        panel: panel, into: transformed)
    }
    return transformed
  }

  func weightGradient(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let workers = pass.forward.workers
    if hasShards { sumShards(pass, gradient) } else { sumPoints(pass, gradient) }
    let sums = pass.forward.scratch[0..<forward.sumCount]
    workers.run(WinogradGeometry.panelCount(outputs)) { panel in
      Kernels.winogradWeightGradient(sums, forward, panel: panel, into: pass.parameterGradients[0])
    }
  }

  private func block(_ index: Int, from start: Int, of scratch: FloatRegion) -> WinogradBlock {
    let first = start + index * blockCount
    return WinogradBlock(
      forward, tiles: summedCount, in: scratch[first..<first + blockCount])
  }

  /// Tiles are transformed and multiplied by one worker and stay in its cache.
  private func sumShards(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let lent = pass.forward
    let shards = Shards(of: tileCount, atMost: Self.shardLimit)
    @Sendable func sums(_ shard: Int) -> FloatRegion {
      lent.scratch[shard * forward.sumCount..<(shard + 1) * forward.sumCount]
    }
    lent.workers.run(shards.count) { shard, worker in
      let block = block(
        worker, from: Self.shardLimit * forward.sumCount, of: lent.scratch)
      for start in stride(
        from: shards[shard].lowerBound, to: shards[shard].upperBound, by: block.tileCount)
      {
        let tiles = start..<min(start + block.tileCount, shards[shard].upperBound)
        Kernels.winogradTransform(lent.input, gradient: gradient, tiles: tiles, at: 0, into: block)
        for point in 0..<WinogradGeometry.pointCount {
          Kernels.winogradPointSums(
            block, point: point, tiles: tiles.count, adding: start > shards[shard].lowerBound,
            into: sums(shard))
        }
      }
    }
    let parts = Shards(of: forward.sumCount, atMost: WinogradGeometry.pointCount)
    lent.workers.run(parts.count) { part in
      for shard in 1..<max(1, shards.count) {
        Kernels.add(sums(shard)[parts[part]], to: sums(0)[parts[part]])
      }
    }
  }

  /// Many tiles are transformed, and then each point is multiplied by one worker.
  private func sumPoints(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let lent = pass.forward
    let sums = lent.scratch[0..<forward.sumCount]
    let block = block(0, from: forward.sumCount, of: lent.scratch)
    for start in stride(from: 0, to: tileCount, by: block.tileCount) {
      let count = min(block.tileCount, tileCount - start)
      lent.workers.run((count + Self.transformed - 1) / Self.transformed) { task in
        let place = task * Self.transformed
        let tiles = start + place..<start + min(place + Self.transformed, count)
        Kernels.winogradTransform(
          lent.input, gradient: gradient, tiles: tiles, at: place, into: block)
      }
      lent.workers.run(WinogradGeometry.pointCount) { point in
        Kernels.winogradPointSums(block, point: point, tiles: count, adding: start > 0, into: sums)
      }
    }
  }
}

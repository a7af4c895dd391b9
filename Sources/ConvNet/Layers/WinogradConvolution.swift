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
  private static let block = 24, weightBlock = 32
  /// Numbers that partial sums of weight gradients should take in all: half of a usual third-level
  /// cache.
  private static let sumCapacity = 1 << 22

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

  private var shardCount: Int {
    min(max(4, min(8, Self.sumCapacity / forward.sumCount)), tileCount)
  }

  private var weightCount: Int {
    max(
      WinogradGeometry.weightCount(depth: inputs, width: outputs),
      WinogradGeometry.weightCount(depth: outputs, width: inputs))
  }

  private var scratchPerWorker: Int {
    max(
      forward.scratchCount(tiles: Self.weightBlock), backward.scratchCount(tiles: Self.block))
  }

  func scratchCount(workers: Int) -> Int {
    weightCount + shardCount * forward.sumCount + workers * scratchPerWorker
  }

  /// Scratch memory, cut up.
  private struct Memory {
    let weights: FloatRegion, sums: FloatRegion
    private let rest: FloatRegion
    private let size: Int

    init(_ plan: WinogradConvolution, _ scratch: FloatRegion) {
      let sumCount = plan.shardCount * plan.forward.sumCount
      weights = scratch[0..<plan.weightCount]
      sums = scratch[plan.weightCount..<plan.weightCount + sumCount]
      rest = scratch[plan.weightCount + sumCount..<scratch.count]
      size = plan.scratchPerWorker
    }

    func block(_ worker: Int) -> FloatRegion { rest[worker * size..<(worker + 1) * size] }
  }

  /// Whether ∂loss/∂output may be that of a pooled map.
  var canPool: Bool { backward.isPaddedByOne }

  func forward(_ pass: ForwardPass, _ epilogue: Epilogue) {
    let memory = Memory(self, pass.scratch)
    run(
      forward, tiles: tileCount, from: FeatureMap(pass.input),
      weights: transformedWeights(pass, isBackward: false, memory), pass, memory, epilogue)
  }

  func inputGradient(_ pass: BackwardPass, _ gradient: FeatureMap, into inputGradient: FloatRegion)
  {
    let memory = Memory(self, pass.forward.scratch)
    run(
      backward, tiles: backwardTileCount, from: gradient,
      weights: transformedWeights(pass.forward, isBackward: true, memory), pass.forward, memory,
      Epilogue(bias: nil, into: inputGradient))
  }

  private func run(
    _ geometry: WinogradGeometry, tiles: Int, from input: FeatureMap, weights: FloatRegion,
    _ pass: ForwardPass, _ memory: Memory, _ epilogue: Epilogue
  ) {
    pass.workers.run((tiles + Self.block - 1) / Self.block) { index, worker in
      Kernels.winogradForward(
        input, geometry, tiles: index * Self.block..<min((index + 1) * Self.block, tiles),
        weights: weights, scratch: memory.block(worker), epilogue)
    }
  }

  private func transformedWeights(
    _ pass: ForwardPass, isBackward: Bool, _ memory: Memory
  ) -> FloatRegion {
    let (depth, width) = isBackward ? (outputs, inputs) : (inputs, outputs)
    let count = WinogradGeometry.weightCount(depth: depth, width: width)
    pass.workers.run(WinogradGeometry.panelCount(width)) { panel in
      Kernels.winogradWeights(
        pass.parameters[0], inputs: inputs, outputs: outputs, isBackward: isBackward,
        panel: panel, into: memory.weights[0..<count])
    }
    return memory.weights[0..<count]
  }

  func weightGradient(_ pass: BackwardPass, _ gradient: FeatureMap) {
    let forward = pass.forward
    let memory = Memory(self, forward.scratch)
    let (size, parts) = (self.forward.sumCount, min(shardCount, tileCount))
    forward.workers.run(parts) { shard, worker in
      let sums = memory.sums[shard * size..<(shard + 1) * size]
      let tiles = tileCount * shard / parts..<tileCount * (shard + 1) / parts
      for start in stride(from: tiles.lowerBound, to: tiles.upperBound, by: Self.weightBlock) {
        Kernels.winogradWeightSums(
          forward.input, gradient: gradient, self.forward,
          tiles: start..<min(start + Self.weightBlock, tiles.upperBound),
          adding: start > tiles.lowerBound, scratch: memory.block(worker), into: sums)
      }
    }
    forward.workers.run(inputs) { input in
      Kernels.winogradWeightGradient(
        memory.sums[0..<parts * size], shardCount: parts, self.forward, input: input,
        into: pass.parameterGradients[0])
    }
  }
}

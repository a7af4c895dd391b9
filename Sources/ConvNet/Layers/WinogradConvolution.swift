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

  /// Numbers of a block of transformed tiles: 512 KiB, half of a usual second-level cache.
  private static let capacity = 1 << 17
  /// Numbers that partial sums of weight gradients should take in all: half of a usual third-level
  /// cache.
  private static let sumCapacity = 1 << 22

  /// Nil for other kernels, and for so few channels that transforming costs more than it saves.
  init?(_ window: Window, outputChannels: Int, batch: Int) {
    guard window.height == 3, window.width == 3, window.stride == 1, window.top <= 2,
      window.left <= 2,
      window.input.channels >= 16, outputChannels >= 16
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

  private func blockSize(_ geometry: WinogradGeometry, atLeast least: Int, atMost most: Int) -> Int
  {
    min(most, max(least, Self.capacity / geometry.scratchPerTile / 6 * 6))
  }
  private var forwardBlock: Int { blockSize(forward, atLeast: 12, atMost: 48) }
  private var backwardBlock: Int { blockSize(backward, atLeast: 12, atMost: 48) }
  private var weightBlock: Int { blockSize(forward, atLeast: 24, atMost: 96) }

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
      max(forwardBlock, weightBlock) * forward.scratchPerTile,
      backwardBlock * backward.scratchPerTile)
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

  func forward(_ pass: ForwardPass, bias: FloatRegion?) {
    let memory = Memory(self, pass.scratch)
    run(
      forward, tiles: tileCount, block: forwardBlock, from: pass.input, bias: bias,
      weights: transformedWeights(pass, isBackward: false, memory), pass, memory, to: pass.output)
  }

  func backward(_ pass: BackwardPass) {
    let memory = Memory(self, pass.forward.scratch)
    sumWeightGradient(pass, memory)
    guard let inputGradient = pass.inputGradient else { return }
    run(
      backward, tiles: backwardTileCount, block: backwardBlock, from: pass.outputGradient,
      bias: nil, weights: transformedWeights(pass.forward, isBackward: true, memory), pass.forward,
      memory, to: inputGradient)
  }

  private func run(
    _ geometry: WinogradGeometry, tiles: Int, block: Int, from input: FloatRegion,
    bias: FloatRegion?, weights: FloatRegion, _ pass: ForwardPass, _ memory: Memory,
    to output: FloatRegion
  ) {
    pass.workers.run((tiles + block - 1) / block) { index, worker in
      Kernels.winogradForward(
        input, geometry, tiles: index * block..<min((index + 1) * block, tiles), weights: weights,
        bias: bias, scratch: memory.block(worker), into: output)
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

  private func sumWeightGradient(_ pass: BackwardPass, _ memory: Memory) {
    let forward = pass.forward
    let parts = shards(of: tileCount, atMost: shardCount)
    let (size, block) = (self.forward.sumCount, weightBlock)
    forward.workers.run(parts.count) { shard, worker in
      let sums = memory.sums[shard * size..<(shard + 1) * size]
      for start in stride(from: parts[shard].lowerBound, to: parts[shard].upperBound, by: block) {
        Kernels.winogradWeightSums(
          forward.input, gradient: pass.outputGradient, self.forward,
          tiles: start..<min(start + block, parts[shard].upperBound),
          adding: start > parts[shard].lowerBound, scratch: memory.block(worker), into: sums)
      }
    }
    forward.workers.run(inputs) { input in
      Kernels.winogradWeightGradient(
        memory.sums[0..<parts.count * size], shardCount: parts.count, self.forward, input: input,
        into: pass.parameterGradients[0])
    }
  }
}

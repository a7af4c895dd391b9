public import Tensors

/// Shifts and scales every channel to mean 0 and variance 1 over the batch, then by learned numbers.
///
/// x̂ = (x − mean)/√(variance + ε); y = γx̂ + β. Training uses the statistics of the batch (over all
/// images and pixels) and keeps running ones: running ← (1 − momentum)·running + momentum·batch, the variance
/// unbiased; inference uses the running ones. All as PyTorch's `BatchNorm2d`.
///
/// - Source: Ioffe & Szegedy, 2015, arXiv:1502.03167.
public struct BatchNormalization: Layer {
  /// Added to the variance.
  public let epsilon: Float
  /// The weight of a batch in the running statistics.
  public let momentum: Float
  /// Whether a rectifier runs with it.
  private(set) var rectifies = false
  /// Parts of a batch that are summed on their own, in fixed order.
  static let shardCount = 16

  /// Creates the layer.
  public init(momentum: Float = 0.1, epsilon: Float = 1e-5) {
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The layer together with a rectifier after it.
  var rectified: BatchNormalization {
    var copy = self
    copy.rectifies = true
    return copy
  }

  public var token: String {
    "batchnorm" + (momentum == 0.1 ? "" : " momentum \(momentum)")
      + (epsilon == 1e-5 ? "" : " epsilon \(epsilon)") + (rectifies ? ", relu" : "")
  }

  public func outputShape(for input: Shape) -> Shape { input }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    ["weight", "bias"].map { ParameterSlot(name: $0, shape: [input.channels]) }
  }

  public func statistics(for input: Shape) -> [ParameterSlot] {
    ["running_mean", "running_var"].map { ParameterSlot(name: $0, shape: [input.channels]) }
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    let isScale = slot.name == "weight" || slot.name == "running_var"
    return [Float](repeating: isScale ? 1 : 0, count: slot.count)
  }

  /// The batch's mean and inverse standard deviation.
  public func keptCount(for input: Shape) -> Int { 2 * input.channels }

  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    // Two doubles per channel and shard, and five floats per channel for the pass over the pixels.
    // One more float lets the doubles start at an even place.
    (4 * Self.shardCount + 5) * input.channels + 1
  }

  public func forward(_ pass: ForwardPass) {
    let channels = pass.inputShape.channels
    let rows = Shards(of: pass.input.count / channels, atMost: Self.shardCount)
    let map = measuredMap(pass)
    pass.workers.run(rows.count) { shard in
      let range = rows[shard].lowerBound * channels..<rows[shard].upperBound * channels
      Kernels.scaleAndShift(pass.input[range], map, into: pass.output[range])
    }
  }

  /// Notes the mean and deviation to normalize by, and says what becomes of each channel.
  func measuredMap(_ pass: ForwardPass) -> ChannelMap {
    let channels = pass.inputShape.channels
    let mean = pass.kept[0..<channels]
    let inverseDeviation = pass.kept[channels..<2 * channels]
    if pass.phase == .inference {
      for channel in 0..<channels {
        mean[channel] = pass.statistics[0][channel]
        inverseDeviation[channel] =
          1 / (pass.statistics[1][channel] + epsilon).squareRoot()
      }
    } else {
      measure(pass)
    }
    return map(pass)
  }

  /// x becomes scale·x + shift per channel, in the first two of five rows of scratch memory.
  private func map(_ pass: ForwardPass) -> ChannelMap {
    let channels = pass.inputShape.channels
    let scale = pass.scratch[0..<channels]
    let shift = pass.scratch[channels..<2 * channels]
    for channel in 0..<channels {
      scale[channel] = pass.parameters[0][channel] * pass.kept[channels + channel]
      shift[channel] = pass.parameters[1][channel] - pass.kept[channel] * scale[channel]
    }
    return ChannelMap(scale: scale, shift: shift, rectifies: rectifies)
  }

  private func measure(_ pass: ForwardPass) {
    let channels = pass.inputShape.channels
    let rows = Shards(of: pass.input.count / channels, atMost: Self.shardCount)
    let count = Double(pass.input.count / channels)
    // Differences from any pixel of the batch cancel far less than the numbers themselves.
    let pivot = pass.input[0..<channels]
    let totals = totals(of: rows, pass) { rows, part in
      Kernels.moments(
        pass.input[rows.lowerBound * channels..<rows.upperBound * channels], pivot: pivot,
        into: part)
    }
    for channel in 0..<channels {
      let offset = totals[channel] / count
      let mean = Double(pivot[channel]) + offset
      let variance = max(0, totals[channels + channel] / count - offset * offset)
      let unbiased = count > 1 ? variance * count / (count - 1) : variance
      pass.kept[channel] = Float(mean)
      pass.kept[channels + channel] = Float(1 / (variance + Double(epsilon)).squareRoot())
      pass.statistics[0][channel] += momentum * (Float(mean) - pass.statistics[0][channel])
      pass.statistics[1][channel] += momentum * (Float(unbiased) - pass.statistics[1][channel])
    }
  }

  public func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    let channels = forward.inputShape.channels
    let rows = Shards(of: forward.input.count / channels, atMost: Self.shardCount)
    let map = map(forward)
    let totals = totals(of: rows, forward) { rows, part in
      let range = rows.lowerBound * channels..<rows.upperBound * channels
      Kernels.normalizationSums(
        gradient: pass.outputGradient[range], forward.input[range], map,
        mean: forward.kept[0..<channels], inverseDeviation: forward.kept[channels..<2 * channels],
        into: part)
    }
    let (a, b, c) = finish(totals, pass)
    guard let inputGradient = pass.inputGradient else { return }
    forward.workers.run(rows.count) { shard in
      let range = rows[shard].lowerBound * channels..<rows[shard].upperBound * channels
      Kernels.combine(
        gradient: pass.outputGradient[range], forward.input[range], map, a: a, b: b, c: c,
        into: inputGradient[range])
    }
  }

  /// With N pixels and sums over them: ∂L/∂β = Σg, ∂L/∂γ = Σg·x̂,
  /// ∂L/∂x = γ/σ · (g − Σg/N − x̂·Σ(g·x̂)/N), written as a·g + b·x + c per channel.
  func finish(
    _ totals: DoubleRegion, _ pass: BackwardPass
  ) -> (a: FloatRegion, b: FloatRegion, c: FloatRegion) {
    let forward = pass.forward
    let channels = forward.inputShape.channels
    let count = Float(forward.input.count / channels)
    let a = forward.scratch[2 * channels..<3 * channels]
    let b = forward.scratch[3 * channels..<4 * channels]
    let c = forward.scratch[4 * channels..<5 * channels]
    for channel in 0..<channels {
      let (sum, product) = (Float(totals[channel]), Float(totals[channels + channel]))
      let inverseDeviation = forward.kept[channels + channel]
      pass.parameterGradients[1][channel] = sum
      pass.parameterGradients[0][channel] = product
      a[channel] = forward.parameters[0][channel] * inverseDeviation
      // Running statistics do not depend on the input.
      let share = forward.phase == .inference ? 0 : 1 / count
      b[channel] = -a[channel] * inverseDeviation * product * share
      c[channel] = -a[channel] * sum * share - b[channel] * forward.kept[channel]
    }
    return (a, b, c)
  }

  /// Two sums per channel over all rows, added up shard by shard.
  func totals(
    of rows: Shards, _ pass: ForwardPass,
    _ sum: @Sendable (_ rows: Range<Int>, _ part: DoubleRegion) -> Void
  ) -> DoubleRegion {
    let channels = pass.inputShape.channels
    let parts = DoubleRegion(pass.scratch[5 * channels..<pass.scratch.count])
    @Sendable func part(_ shard: Int) -> DoubleRegion {
      parts[2 * channels * shard..<2 * channels * (shard + 1)]
    }
    pass.workers.run(rows.count) { shard in
      sum(rows[shard], part(shard))
    }
    for shard in 1..<max(1, rows.count) {
      for index in 0..<2 * channels { parts[index] += part(shard)[index] }
    }
    return part(0)
  }
}

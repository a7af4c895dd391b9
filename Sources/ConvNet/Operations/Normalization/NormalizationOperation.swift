internal import Tensors

/// Batch normalization in training, optionally with a rectifier and a maximum over squares.
///
/// A pooled normalization never stores the normalized map: squares are reduced while their pixels
/// are in registers, and a byte for each says which pixel was the largest, or that the rectifier
/// zeroed it.
struct NormalizationOperation: TrainingOperation {
  /// Parts of a batch that are summed separately, in fixed order.
  private static let shardCount = 16

  private let epsilon: Float, momentum: Float
  private let rectifies: Bool
  /// The batch's statistics, saved for the backward pass.
  private let mean: WorkspacePiece<Float>, inverseDeviation: WorkspacePiece<Float>
  private let argMax: WorkspacePiece<UInt8>?
  /// Each channel becomes scale·x + shift.
  private let scale: WorkspacePiece<Float>, shift: WorkspacePiece<Float>
  /// Each gradient becomes a·g + b·x + c.
  private let a: WorkspacePiece<Float>, b: WorkspacePiece<Float>, c: WorkspacePiece<Float>
  /// Two sums for each channel and shard.
  private let sums: WorkspacePiece<Double>
  /// The first pixel of a batch that processes share.
  private let firstPixel: WorkspacePiece<Float>
  let scratch: WorkspaceLayout, saved: WorkspaceLayout
  let description: String
  let dividesBatch = true
  let backwardReads = BackwardReads.input
  let overwritesInput = true

  init(
    _ layer: BatchNormalization, _ context: CompileContext, rectifies: Bool = false,
    pools: Bool = false
  ) {
    (epsilon, momentum) = (layer.epsilon, layer.momentum)
    self.rectifies = rectifies
    let (input, channels) = (context.input, context.input.channels)
    var saved = WorkspaceLayout()
    mean = saved.reserve(channels)
    inverseDeviation = saved.reserve(channels)
    argMax = pools ? saved.reserveBytes(input.pooled.count) : nil
    self.saved = saved
    var scratch = WorkspaceLayout()
    scale = scratch.reserve(channels)
    shift = scratch.reserve(channels)
    a = scratch.reserve(channels)
    b = scratch.reserve(channels)
    c = scratch.reserve(channels)
    sums = scratch.reserveDoubles(2 * Self.shardCount * channels)
    firstPixel = scratch.reserve(context.sharesBatch ? channels : 0)
    self.scratch = scratch
    description = "batchnorm" + (rectifies ? " + relu" : "") + (pools ? " + pool 2" : "")
  }

  func forward(_ pass: ForwardPass) {
    let shards = shards(pass)
    if pass.phase == .inference { useRunningStatistics(pass) } else { measure(shards, pass) }
    let map = map(pass)
    guard let argMax else {
      let channels = pass.inputShape.channels
      return shards.forEach(pass.workers) { _, rows, _ in
        let range = rows.lowerBound * channels..<rows.upperBound * channels
        Kernels.scaleAndShift(pass.input[range], map, into: pass.output[range])
      }
    }
    squares(pass).forEach(pass.workers) { _, rows, _ in
      Kernels.scaleAndPool(
        pass.input, SquareRows(rows, of: pass.inputShape), map, into: pass.output,
        argMax: pass.saved[argMax])
    }
  }

  /// Runs of pixels.
  private func shards(_ pass: ForwardPass) -> RowShards {
    pass.batch.rows(perImage: pass.inputShape.pixelCount, atMost: Self.shardCount)
  }

  /// Runs of rows of squares.
  private func squares(_ pass: ForwardPass) -> RowShards {
    pass.batch.rows(
      perImage: SquareRows.count(in: pass.inputShape.batch(1)), atMost: Self.shardCount)
  }

  private func useRunningStatistics(_ pass: ForwardPass) {
    let (mean, inverseDeviation) = (pass.saved[mean], pass.saved[inverseDeviation])
    for channel in 0..<mean.count {
      mean[channel] = pass.statistics[0][channel]
      inverseDeviation[channel] = 1 / (pass.statistics[1][channel] + epsilon).squareRoot()
    }
  }

  private func measure(_ shards: RowShards, _ pass: ForwardPass) {
    let channels = pass.inputShape.channels
    let (mean, inverseDeviation) = (pass.saved[mean], pass.saved[inverseDeviation])
    let count = Double(pass.batch.imageCount * pass.inputShape.pixelCount)
    // Subtracting some pixel of the batch first avoids most of the cancellation.
    let pivot = pass.batch.first(pass.input[0..<channels], into: pass.scratch[firstPixel])
    let totals = totals(of: shards, pass) { rows, part in
      Kernels.moments(
        pass.input[rows.lowerBound * channels..<rows.upperBound * channels], pivot: pivot,
        into: part)
    }
    for channel in 0..<channels {
      let offset = totals[channel] / count
      let average = Double(pivot[channel]) + offset
      let variance = max(0, totals[channels + channel] / count - offset * offset)
      let unbiased = count > 1 ? variance * count / (count - 1) : variance
      mean[channel] = Float(average)
      inverseDeviation[channel] = Float(1 / (variance + Double(epsilon)).squareRoot())
      if pass.isRepeated { continue }
      note(Float(average), in: pass.statistics[0], channel, pass)
      note(Float(unbiased), in: pass.statistics[1], channel, pass)
    }
  }

  /// Updates a running statistic, or the mean over the batches so far.
  private func note(
    _ value: Float, in running: FloatRegion, _ channel: Int, _ pass: ForwardPass
  ) {
    switch pass.averagedBatches {
    case nil: running[channel] += momentum * (value - running[channel])
    // Nothing of what was there before may be left, not even NaN.
    case 0: running[channel] = value
    case let count?: running[channel] += (value - running[channel]) / Float(count + 1)
    }
  }

  private func map(_ pass: ForwardPass) -> ChannelMap {
    let (scale, shift) = (pass.scratch[scale], pass.scratch[shift])
    let (mean, inverseDeviation) = (pass.saved[mean], pass.saved[inverseDeviation])
    for channel in 0..<scale.count {
      scale[channel] = pass.parameters[0][channel] * inverseDeviation[channel]
      shift[channel] = pass.parameters[1][channel] - mean[channel] * scale[channel]
    }
    return ChannelMap(scale: scale, shift: shift, rectifies: rectifies)
  }

  func backward(_ pass: BackwardPass) {
    if argMax == nil { backwardWhole(pass) } else { backwardPooled(pass) }
  }

  private func backwardWhole(_ pass: BackwardPass) {
    let forward = pass.forward
    let channels = forward.inputShape.channels
    let (shards, map) = (shards(forward), map(forward))
    let (mean, inverseDeviation) = (forward.saved[mean], forward.saved[inverseDeviation])
    let totals = totals(of: shards, forward) { rows, part in
      let range = rows.lowerBound * channels..<rows.upperBound * channels
      Kernels.normalizationSums(
        gradient: pass.outputGradient[range], forward.input[range], map, mean: mean,
        inverseDeviation: inverseDeviation, into: part)
    }
    setFactors(totals, pass)
    guard let inputGradient = pass.inputGradient else { return }
    let (a, b, c) = (forward.scratch[a], forward.scratch[b], forward.scratch[c])
    shards.forEach(forward.workers) { _, rows, _ in
      let range = rows.lowerBound * channels..<rows.upperBound * channels
      Kernels.combine(
        gradient: pass.outputGradient[range], forward.input[range], map, a: a, b: b, c: c,
        into: inputGradient[range])
    }
  }

  private func backwardPooled(_ pass: BackwardPass) {
    let forward = pass.forward
    let squares = squares(forward)
    let gradient = FeatureMap(pass.outputGradient, argMax: argMax.map { forward.saved[$0] })
    let (mean, inverseDeviation) = (forward.saved[mean], forward.saved[inverseDeviation])
    let totals = totals(of: squares, forward) { rows, part in
      Kernels.normalizationSums(
        gradient: gradient, forward.input, SquareRows(rows, of: forward.inputShape), mean: mean,
        inverseDeviation: inverseDeviation, into: part)
    }
    setFactors(totals, pass)
    guard let inputGradient = pass.inputGradient else { return }
    let (a, b, c) = (forward.scratch[a], forward.scratch[b], forward.scratch[c])
    squares.forEach(forward.workers) { _, rows, _ in
      Kernels.combine(
        gradient: gradient, forward.input, SquareRows(rows, of: forward.inputShape), a: a,
        b: b, c: c, into: inputGradient)
    }
  }

  /// With N pixels and sums over them: ∂L/∂β = Σg, ∂L/∂γ = Σg·x̂,
  /// ∂L/∂x = γ/σ · (g − Σg/N − x̂·Σ(g·x̂)/N), written as a·g + b·x + c per channel.
  private func setFactors(_ totals: DoubleRegion, _ pass: BackwardPass) {
    let forward = pass.forward
    let channels = forward.inputShape.channels
    let count = Float(forward.batch.imageCount * forward.inputShape.pixelCount)
    let (a, b, c) = (forward.scratch[a], forward.scratch[b], forward.scratch[c])
    let (mean, inverseDeviation) = (forward.saved[mean], forward.saved[inverseDeviation])
    for channel in 0..<channels {
      let (sum, product) = (Float(totals[channel]), Float(totals[channels + channel]))
      pass.parameterGradients[1][channel] = sum
      pass.parameterGradients[0][channel] = product
      a[channel] = forward.parameters[0][channel] * inverseDeviation[channel]
      // Running statistics do not depend on the input.
      let share = forward.phase == .inference ? 0 : 1 / count
      b[channel] = -a[channel] * inverseDeviation[channel] * product * share
      c[channel] = -a[channel] * sum * share - b[channel] * mean[channel]
    }
  }

  /// Two sums per channel over all rows, added shard by shard.
  private func totals(
    of rows: RowShards, _ pass: ForwardPass,
    _ sum: @Sendable (_ rows: Range<Int>, _ part: DoubleRegion) -> Void
  ) -> DoubleRegion {
    let channels = pass.inputShape.channels
    let parts = pass.scratch[sums]
    @Sendable func part(_ shard: Int) -> DoubleRegion {
      parts[2 * channels * shard..<2 * channels * (shard + 1)]
    }
    rows.forEach(pass.workers) { shard, rows, _ in sum(rows, part(shard)) }
    rows.gather(parts[0..<2 * channels * rows.count], each: 2 * channels)
    for shard in 1..<max(1, rows.count) {
      for index in 0..<2 * channels { parts[index] += part(shard)[index] }
    }
    return part(0)
  }
}

extension Shape {
  /// The shape after each square of 2 × 2 pixels has become one.
  var pooled: Shape {
    Shape(batch: batch, height: height / 2, width: width / 2, channels: channels)
  }
}

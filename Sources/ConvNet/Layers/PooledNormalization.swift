internal import Tensors

/// A batch normalization and the layers after it that keep the largest of each 2 × 2 pixels and
/// rectify.
///
/// The normalized map is never stored: squares are reduced while their pixels are in registers, and
/// a byte for each says which pixel was the largest, or that it fell to the rectifier.
struct PooledNormalization: Layer {
  let normalization: BatchNormalization

  /// Nil where there is no square.
  init?(_ normalization: BatchNormalization, rectifies: Bool, on input: Shape) {
    guard input.height >= 2, input.width >= 2 else { return nil }
    self.normalization = rectifies ? normalization.rectified : normalization
  }

  var token: String { normalization.token + ", pool 2" }

  func outputShape(for input: Shape) -> Shape {
    Shape(
      batch: input.batch, height: input.height / 2, width: input.width / 2,
      channels: input.channels)
  }

  func parameters(for input: Shape) -> [ParameterSlot] { normalization.parameters(for: input) }

  func statistics(for input: Shape) -> [ParameterSlot] { normalization.statistics(for: input) }

  /// What the normalization keeps, and a byte for each output.
  func keptCount(for input: Shape) -> Int {
    normalization.keptCount(for: input) + FeatureMap.choiceCount(outputShape(for: input).count)
  }

  func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    normalization.scratchCount(for: input, batch: batch, workers: workers)
  }

  func forward(_ pass: ForwardPass) {
    let map = normalization.measuredMap(pass)
    let (rows, chosen) = (rows(pass), chosen(pass))
    pass.workers.run(rows.count) { shard in
      Kernels.scaleAndPool(
        pass.input, SquareRows(rows[shard], of: pass.inputShape), map, into: pass.output,
        chosen: chosen)
    }
  }

  func backward(_ pass: BackwardPass) {
    let forward = pass.forward
    let channels = forward.inputShape.channels
    let rows = rows(forward)
    let gradient = FeatureMap(pass.outputGradient, chosen: chosen(forward))
    let totals = normalization.totals(of: rows, forward) { rows, part in
      Kernels.normalizationSums(
        gradient: gradient, forward.input, SquareRows(rows, of: forward.inputShape),
        mean: forward.kept[0..<channels], inverseDeviation: forward.kept[channels..<2 * channels],
        into: part)
    }
    let (a, b, c) = normalization.finish(totals, pass)
    guard let inputGradient = pass.inputGradient else { return }
    forward.workers.run(rows.count) { shard in
      Kernels.combine(
        gradient: gradient, forward.input, SquareRows(rows[shard], of: forward.inputShape), a: a,
        b: b, c: c, into: inputGradient)
    }
  }

  private func rows(_ pass: ForwardPass) -> Shards {
    Shards(of: SquareRows.count(in: pass.inputShape), atMost: BatchNormalization.shardCount)
  }

  private func chosen(_ pass: ForwardPass) -> FloatRegion {
    pass.kept[normalization.keptCount(for: pass.inputShape)..<pass.kept.count]
  }
}

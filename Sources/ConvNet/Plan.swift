internal import Tensors

/// One step of a pass: a layer, or neighbours that run as one.
struct PlannedLayer: Sendable {
  /// What is run.
  let layer: any Layer
  /// Which of the layers as written it stands for.
  let indices: Range<Int>
}

/// Layers as they are run; where the algorithm may be chosen, neighbours that are faster together
/// become one.
///
/// - Parameters:
///   - input: What reaches the first layer, with the batch.
///   - trains: Whether there will be training and backward passes.
func plan(
  _ layers: [any Layer], on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
) -> [PlannedLayer] {
  var steps: [PlannedLayer] = []
  var shape = input
  var index = 0
  while index < layers.count {
    let layer = layers[index].planned(on: shape, convolution: convolution, trains: trains)
    let rest = layers[(index + 1)...]
    let fused =
      convolution == .im2col
      ? nil : (trains ? nil : normalize(layer, rest, on: shape)) ?? fuse(layer, rest, on: shape)
    let step = PlannedLayer(
      layer: fused?.layer ?? layer, indices: index..<index + 1 + (fused?.followers ?? 0))
    guard let output = try? step.layer.outputShape(for: shape.batch(1)) else {
      preconditionFailure("\(step.layer.token) does not fit on \(shape)")
    }
    steps.append(step)
    shape = output.batch(input.batch)
    index = step.indices.upperBound
  }
  return steps
}

/// A layer together with as many of those after it as can run with it.
private func fuse(
  _ layer: any Layer, _ rest: ArraySlice<any Layer>, on input: Shape
) -> (layer: any Layer, followers: Int)? {
  let pooling = squareMaximum(rest)
  switch layer {
  case let convolution as Convolution:
    guard let pooling,
      let pooled = PooledConvolution(convolution, rectifies: pooling.rectifies, on: input)
    else { return nil }
    return (pooled, pooling.followers)
  case let normalization as BatchNormalization:
    if let pooling,
      let pooled = PooledNormalization(normalization, rectifies: pooling.rectifies, on: input)
    {
      return (pooled, pooling.followers)
    }
    return rest.first is Rectifier ? (normalization.rectified, 1) : nil
  default: return nil
  }
}

/// A convolution together with the normalization after it, which in inference is a fixed map, and
/// what follows that.
private func normalize(
  _ layer: any Layer, _ rest: ArraySlice<any Layer>, on input: Shape
) -> (layer: any Layer, followers: Int)? {
  guard let convolution = layer as? Convolution else { return nil }
  let poolsFirst = (rest.first as? Pooling)?.isSquareMaximum == true
  let next = rest.dropFirst(poolsFirst ? 1 : 0)
  guard let normalization = next.first as? BatchNormalization else { return nil }
  let after = next.dropFirst()
  let pooling = poolsFirst ? nil : squareMaximum(after)
  let rectifies = pooling?.rectifies ?? (after.first is Rectifier)
  guard
    let fused = NormalizedConvolution(
      convolution, normalization, rectifies: rectifies,
      pooling: poolsFirst ? .beforeScaling : pooling == nil ? .never : .afterScaling, on: input)
  else { return nil }
  let followers = pooling?.followers ?? (rectifies ? 1 : 0)
  return (fused, (poolsFirst ? 2 : 1) + followers)
}

/// Whether layers begin with keeping the largest of each 2 × 2 pixels, and rectify before or after.
///
/// Both orders give the same numbers.
private func squareMaximum(
  _ layers: ArraySlice<any Layer>
) -> (rectifies: Bool, followers: Int)? {
  let next = layers.prefix(2)
  guard let pooling = next.firstIndex(where: { ($0 as? Pooling)?.isSquareMaximum == true }),
    next[..<pooling].allSatisfy({ $0 is Rectifier })
  else { return nil }
  let rectifies = next.contains { $0 is Rectifier }
  return (rectifies, rectifies ? 2 : 1)
}

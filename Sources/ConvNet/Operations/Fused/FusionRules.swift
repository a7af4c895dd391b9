internal import Tensors

extension FusionRule where Operation == any TrainingOperation {
  /// The rules of training, in the order in which they are tried.
  static let training = [pooledConvolution, pooledNormalization, rectifiedNormalization]

  static let pooledConvolution = FusionRule(
    name: "conv, pool 2 [relu before or after]", match: matchPooledConvolution
  ) { match, context in
    guard let plan = match.convolution?.plan(context), plan.canPool else { return nil }
    return ConvolutionOperation(plan, rectifies: match.rectifies, pools: true)
  }

  static let pooledNormalization = FusionRule(
    name: "batchnorm, pool 2 [relu before or after]", match: matchPooledNormalization
  ) { match, context in
    guard let normalization = match.normalization, context.input.hasSquares else { return nil }
    return NormalizationOperation(
      normalization, context, rectifies: match.rectifies, pools: true)
  }

  static let rectifiedNormalization = FusionRule(
    name: "batchnorm, relu", match: matchRectifiedNormalization
  ) { match, context in
    match.normalization.map { NormalizationOperation($0, context, rectifies: true) }
  }
}

extension FusionRule where Operation == any ForwardOperation {
  /// The rules of inference, in the order in which they are tried.
  static let inference = [
    normalizedConvolution, normalizedPooledConvolution, pooledConvolution, pooledNormalization,
    rectifiedNormalization,
  ]

  static let normalizedConvolution = FusionRule(
    name: "conv, batchnorm [relu, pool 2]"
  ) { layers in
    var match = FusionMatch(layers)
    guard match.takeConvolution(), match.takeNormalization() else { return nil }
    if !match.takeRectifiedPooling() { match.takeRectifier() }
    return match
  } make: { match, context in
    convolution(match, context, pooling: match.pools ? .afterScaling : .never)
  }

  static let normalizedPooledConvolution = FusionRule(
    name: "conv, pool 2, batchnorm [relu]"
  ) { layers in
    var match = FusionMatch(layers)
    guard match.takeConvolution(), match.takeSquarePooling(), match.takeNormalization() else {
      return nil
    }
    match.takeRectifier()
    return match
  } make: { match, context in
    convolution(match, context, pooling: .beforeScaling)
  }

  static let pooledConvolution = FusionRule(
    name: "conv, pool 2 [relu before or after]", match: matchPooledConvolution
  ) { match, context in
    convolution(match, context, pooling: .beforeScaling)
  }

  static let pooledNormalization = FusionRule(
    name: "batchnorm, pool 2 [relu before or after]", match: matchPooledNormalization
  ) { match, context in
    guard let normalization = match.normalization, context.input.hasSquares else { return nil }
    return InferenceNormalization(normalization, context, rectifies: match.rectifies, pools: true)
  }

  static let rectifiedNormalization = FusionRule(
    name: "batchnorm, relu", match: matchRectifiedNormalization
  ) { match, context in
    match.normalization.map { InferenceNormalization($0, context, rectifies: true) }
  }

  /// A convolution with what follows it, if its method can apply that to its sums.
  private static func convolution(
    _ match: FusionMatch, _ context: CompileContext, pooling: Epilogue.Pooling
  ) -> (any ForwardOperation)? {
    guard let plan = match.convolution?.plan(context),
      pooling == .never || plan.canPool, match.normalization == nil || plan.canScale
    else { return nil }
    return InferenceConvolution(
      plan, normalization: match.normalization, rectifies: match.rectifies, pooling: pooling)
  }
}

extension FusionRule {
  fileprivate static func matchPooledConvolution(_ layers: ArraySlice<any Layer>) -> FusionMatch? {
    var match = FusionMatch(layers)
    return match.takeConvolution() && match.takeRectifiedPooling() ? match : nil
  }

  fileprivate static func matchPooledNormalization(
    _ layers: ArraySlice<any Layer>
  ) -> FusionMatch? {
    var match = FusionMatch(layers)
    return match.takeNormalization() && match.takeRectifiedPooling() ? match : nil
  }

  fileprivate static func matchRectifiedNormalization(
    _ layers: ArraySlice<any Layer>
  ) -> FusionMatch? {
    var match = FusionMatch(layers)
    return match.takeNormalization() && match.takeRectifier() ? match : nil
  }
}

extension Shape {
  /// Whether a map has a square of 2 × 2 pixels.
  fileprivate var hasSquares: Bool { height >= 2 && width >= 2 }
}

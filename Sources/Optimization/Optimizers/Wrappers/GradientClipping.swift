internal import Tensors

/// Steps along gradients that are shortened if they are too long.
///
/// A perturbation is not clipped, as it has its own length.
struct Clipped: OptimizerWrapper {
  let inner: any Optimizer
  let clipping: GradientClipping

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, own: inout [[Float]], workers: Workers
  ) {
    var clipped = gradients
    clipping.apply(to: &clipped, parameters: parameters, workers: workers)
    inner.step(
      &parameters, gradients: clipped, learningRate: learningRate, state: &state,
      workers: workers)
  }
}

extension OptimizerWrapperEntry {
  static let clipNorm = clipping("clip-norm", "maximum gradient norm") { .norm($0) }

  static let clipValue = clipping("clip-value", "largest component of the gradient") { .value($0) }

  static let clipAdaptive = clipping(
    "clip-adaptive", "maximum gradient norm relative to the weights, by output"
  ) { .adaptive($0) }

  private static func clipping(
    _ name: String, _ summary: String,
    limit: @escaping @Sendable (Float) -> GradientClipping.Limit
  ) -> OptimizerWrapperEntry {
    OptimizerWrapperEntry(ChoiceParameter(name, 0, in: 0...1e9, summary)) { inner, settings in
      Clipped(
        inner: inner,
        clipping: GradientClipping(limit: limit(settings[name]), layout: settings.layout))
    }
  }
}

/// How gradients are shortened.
struct GradientClipping: Sendable {
  enum Limit: Hashable, Sendable {
    /// The norm over all parameters; the gradient keeps its direction.
    case norm(Float)
    /// Each element separately.
    case value(Float)
    /// The norm over each output of a layer, as a fraction of the norm of its weights.
    ///
    /// - Source: Brock et al., 2021, arXiv:2102.06171; as in optax.
    case adaptive(Float)
  }

  let limit: Limit
  let layout: ParameterLayout

  func apply(to gradients: inout [Float], parameters: [Float], workers: Workers) {
    switch limit {
    case .norm(let largest):
      let norm = Kernels.sumOfSquares(gradients).squareRoot()
      // PyTorch stays a little below the limit, too.
      let factor = Float(min(1, Double(largest) / (norm + 1e-6)))
      Kernels.update(&gradients, gradients, in: gradients.indices, workers: workers) { g, _ in
        g *= factor
      }
    case .value(let largest):
      let (low, high) = (Lanes(repeating: -largest), Lanes(repeating: largest))
      Kernels.update(&gradients, gradients, in: gradients.indices, workers: workers) { g, _ in
        // Comparisons with NaN are false: it stays, and the divergence is noticed.
        g.replace(with: low, where: g .< low)
        g.replace(with: high, where: g .> high)
      }
    case .adaptive(let part):
      for (slot, range) in zip(layout.slots, layout.ranges) {
        clip(&gradients, parameters, slot, range, part)
      }
    }
  }

  /// The least norm of weights that is assumed, so that a layer of zeros can start to learn.
  private static let smallestNorm: Float = 1e-3

  private func clip(
    _ gradients: inout [Float], _ parameters: [Float], _ slot: ParameterSlot, _ range: Range<Int>,
    _ part: Float
  ) {
    let units = slot.shape.count < 2 ? 1 : slot.shape[0]
    let length = range.count / max(1, units)
    for unit in 0..<units {
      // The weights of an output are contiguous, except in a convolution, where they are a column.
      let isColumn = slot.order == .convolution
      let start = range.lowerBound + (isColumn ? unit : unit * length)
      let places = stride(from: start, to: range.upperBound, by: isColumn ? units : 1)
        .prefix(length)
      func norm(_ values: [Float]) -> Float {
        Float(places.reduce(0.0) { $0 + Double(values[$1] * values[$1]) }.squareRoot())
      }
      let (slope, largest) = (norm(gradients), part * max(norm(parameters), Self.smallestNorm))
      guard slope > largest else { continue }
      for place in places { gradients[place] *= largest / max(slope, 1e-6) }
    }
  }
}

internal import Synchronization
internal import Tensors

/// Muon: momentum whose matrices are made orthogonal, so that all directions move alike.
///
/// For every array that is a matrix (a convolution is one with a row for each output):
/// bₜ = μbₜ₋₁ + (1−μ)gₜ;  u = (1−μ)gₜ + μbₜ;
/// θₜ = (1−ηλ)θₜ₋₁ − η √max(1, rows/columns) O(u), where O brings all singular values near 1.
/// Vectors take AdamW steps at `vectorRate` times η.
///
/// - Source: Jordan et al., 2024, "Muon: an optimizer for hidden layers"; as in PyTorch, whose
///   matrices have lower precision.
struct Muon: Optimizer {
  /// μ in `0..<1`.
  var momentum: Float
  /// Whether u looks ahead; otherwise it is b.
  var nesterov: Bool
  /// Iterations that make a matrix orthogonal.
  var iterations: Int
  /// The optimizer of arrays that are not matrices; its decay covers only those.
  var vectors: Adam
  /// Their learning rate, as a multiple of η.
  var vectorRate: Float
  var decay: WeightDecay
  let layout: ParameterLayout
  private let room: Room

  /// Memory that every step uses anew, reserved by the first one.
  private final class Room: Sendable {
    struct Pieces {
      var orthogonalizers: [Orthogonalizer]
      /// One element for each parameter.
      var direction: [Float], results: FloatRegion
    }
    let pieces = Mutex<Pieces?>(nil)
  }

  init(
    momentum: Float, nesterov: Bool, iterations: Int, vectors: Adam, vectorRate: Float,
    decay: WeightDecay, layout: ParameterLayout
  ) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.iterations = iterations
    self.vectors = vectors
    self.vectorRate = vectorRate
    self.decay = decay
    self.layout = layout
    room = Room()
  }

  var memoryNames: [String] { vectors.memoryNames }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    vectors.step(
      &parameters, gradients: gradients, learningRate: learningRate * vectorRate, state: &state,
      workers: workers)
    let (momentum, nesterov) = (momentum, nesterov)
    let second = state.memory.removeLast()
    let matrices = zip(layout.slots, layout.ranges).filter { $0.0.shape.count > 1 }
    var pieces = room.pieces.withLock { $0.take() } ?? reserve()
    while pieces.orthogonalizers.count < workers.count {
      pieces.orthogonalizers.append(orthogonalizer(for: matrices))
    }
    var direction = pieces.direction
    pieces.direction = []
    for (_, range) in matrices {
      var squares = SIMD8<Double>()
      Kernels.updateInOrder(&direction, gradients, &state.memory, in: range) { u, g, b in
        b = momentum * b + (1 - momentum) * g
        u = nesterov ? (1 - momentum) * g + momentum * b : b
        squares += SIMD8<Double>(u) * SIMD8<Double>(u)
      }
      let scale = Float(1 / max(squares.sum().squareRoot(), 1e-7))
      Kernels.update(&direction, gradients, in: range, workers: workers) { u, _ in u *= scale }
    }
    orthogonalize(matrices, &direction, pieces, workers)
    for (slot, range) in matrices {
      let outputs = slot.shape[0]
      let inputs = slot.count / outputs
      let kept = 1 - learningRate * decay.strength(at: range.lowerBound)
      let rate = learningRate * max(1, Float(outputs) / Float(inputs)).squareRoot()
      Kernels.update(&parameters, direction, in: range, workers: workers) { p, o in
        p = kept * p - rate * o
      }
    }
    state.memory.append(second)
    pieces.direction = direction
    room.pieces.withLock { [pieces] in $0 = pieces }
  }

  private func reserve() -> Room.Pieces {
    Room.Pieces(
      orthogonalizers: [], direction: [Float](repeating: 0, count: layout.count),
      results: Arena(pieces: [layout.count]).piece(layout.count))
  }

  private func orthogonalizer(for matrices: [(ParameterSlot, Range<Int>)]) -> Orthogonalizer {
    Orthogonalizer(
      largest: matrices.map(\.1.count).max() ?? 0,
      side: matrices.map { min($0.0.shape[0], $0.0.count / $0.0.shape[0]) }.max() ?? 0)
  }

  /// Makes matrices of a vector orthogonal, one task for each, the largest first.
  private func orthogonalize(
    _ matrices: [(ParameterSlot, Range<Int>)], _ direction: inout [Float],
    _ pieces: Room.Pieces, _ workers: Workers
  ) {
    let ordered = matrices.sorted { $0.1.count > $1.1.count }
    do {
      // Let go of before the direction changes, so that it is not copied.
      let (steps, source) = (iterations, direction)
      workers.run(ordered.count) { task, worker in
        let (slot, range) = ordered[task]
        // In memory a convolution has a column for each output, a dense layer a row.
        let rows = slot.order == .convolution ? slot.count / slot.shape[0] : slot.shape[0]
        pieces.orthogonalizers[worker].apply(
          to: source, range, rows: rows, steps: steps, into: pieces.results[range])
      }
    }
    for (_, range) in matrices { pieces.results[range].copy(to: &direction, at: range.lowerBound) }
  }
}

extension OptimizerEntry {
  static let muon = OptimizerEntry(
    "muon", "momentum made orthogonal; AdamW for vectors", .layerwise, .length,
    usualRate: 0.001, trainingRate: 0.02, decay: 0.1,
    parameters: [
      .momentum(0.95), .nesterov(true),
      ChoiceParameter("iterations", .count(1...20), [5], "iterations that orthogonalize"),
      ChoiceParameter("vector-rate", 0.2, in: 0...1e3, "rate of vectors, times the rate"),
      .beta1(), .beta2(), .epsilon(1e-8),
    ]
  ) { settings in
    let vectorDecay = WeightDecay(
      settings.decay.strength, layout: settings.layout,
      sparesVectors: !settings.values.flag("decay-all")
    ) { $0.shape.count < 2 }
    return Muon(
      momentum: settings["momentum"], nesterov: settings.values.flag("nesterov"),
      iterations: settings.values.count("iterations"),
      vectors: Adam(
        beta1: settings["beta1"], beta2: settings["beta2"], epsilon: settings["epsilon"],
        isDecoupled: true, decay: vectorDecay),
      vectorRate: settings["vector-rate"], decay: settings.decay, layout: settings.layout)
  }
}

internal import Tensors

/// Muon: momentum whose matrices are made orthogonal, so that all directions move alike.
///
/// For every array that is a matrix (a convolution is one with a row for each output):
/// bₜ = μbₜ₋₁ + (1−μ)gₜ;  u = (1−μ)gₜ + μbₜ;  θₜ = (1−ηλ)θₜ₋₁ − η √max(1, rows/columns) O(u), where O brings
/// all singular values near 1. Vectors take steps of AdamW at `vectorRate` times η.
///
/// - Source: Jordan et al., 2024, "Muon: an optimizer for hidden layers"; as in PyTorch, whose
///   matrices have fewer digits.
struct Muon: Optimizer {
  /// μ in `0..<1`.
  var momentum: Float
  /// Whether u looks ahead; otherwise it is b.
  var nesterov: Bool
  /// Steps of the iteration that makes a matrix orthogonal.
  var iterations: Int
  /// What arrays that are no matrices do; its decay covers those alone.
  var vectors: Adam
  /// Their learning rate, in learning rates.
  var vectorRate: Float
  var decay: WeightDecay
  let layout: ParameterLayout

  var memoryNames: [String] { vectors.memoryNames }

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState
  ) {
    vectors.step(
      &parameters, gradients: gradients, learningRate: learningRate * vectorRate, state: &state)
    let (momentum, nesterov) = (momentum, nesterov)
    let second = state.memory.removeLast()
    var direction = [Float](repeating: 0, count: parameters.count)
    for (slot, range) in zip(layout.slots, layout.ranges) where slot.shape.count > 1 {
      let outputs = slot.shape[0]
      let inputs = slot.count / outputs
      // In memory a convolution has a column for each output, a dense layer a row.
      let rows = slot.order == .convolution ? inputs : outputs
      Kernels.update(&direction, gradients, &state.memory, in: range) { u, g, b in
        b = momentum * b + (1 - momentum) * g
        u = nesterov ? (1 - momentum) * g + momentum * b : b
      }
      orthogonalize(&direction, range, rows: rows)
      let kept = 1 - learningRate * decay.strength(at: range.lowerBound)
      let rate = learningRate * max(1, Float(outputs) / Float(inputs)).squareRoot()
      Kernels.update(&parameters, direction, in: range) { p, o in p = kept * p - rate * o }
    }
    state.memory.append(second)
  }

  /// Brings the singular values of a matrix near 1 by a polynomial of odd powers, applied again and
  /// again: X ← (aI + bG + cG²)X with G = XXᵀ.
  private func orthogonalize(_ values: inout [Float], _ range: Range<Int>, rows: Int) {
    let (a, b, c): (Float, Float, Float) = (3.4445, -4.775, 2.0315)
    let columns = range.count / rows
    let side = min(rows, columns)
    let arena = Arena(pieces: [range.count, range.count, side * side, side * side])
    var current = Matrix(arena.piece(range.count), rows: rows, columns: columns)
    var next = Matrix(arena.piece(range.count), rows: rows, columns: columns)
    let gram = Matrix(arena.piece(side * side), rows: side, columns: side)
    let polynomial = Matrix(arena.piece(side * side), rows: side, columns: side)
    let norm = Kernels.sumOfSquares(Array(values[range])).squareRoot()
    let scale = Float(1 / max(norm, 1e-7))
    current.region.copy(from: values[range].map { $0 * scale })
    for _ in 0..<iterations {
      if rows <= columns {
        gram.setProduct(current, current.transposed)
      } else {
        gram.setProduct(current.transposed, current)
      }
      polynomial.setProduct(gram, gram)
      for index in 0..<side * side {
        let identity: Float = index % (side + 1) == 0 ? a : 0
        polynomial.region[index] = identity + b * gram.region[index] + c * polynomial.region[index]
      }
      if rows <= columns {
        next.setProduct(polynomial, current)
      } else {
        next.setProduct(current, polynomial)
      }
      swap(&current, &next)
    }
    values.replaceSubrange(range, with: current.region.array)
  }
}

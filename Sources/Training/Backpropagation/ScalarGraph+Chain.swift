// The chain rule along the arrows.
extension ScalarGraph {
  /// The arrows that leave a number, in order.
  package func arrows(from place: Int) -> [Arrow] { arrows.filter { $0.source == place } }

  /// Σ ∂loss/∂target · ∂target/∂source over the arrows that leave a number; 1 for the loss.
  package func chainGradient(of place: Int) -> Double {
    place == nodes.count - 1
      ? 1 : arrows(from: place).reduce(0) { $0 + nodes[$1.target].gradient * $1.derivative }
  }

  /// The largest difference between a gradient and the sum along its arrows.
  package var largestChainError: Double {
    nodes.indices.map { abs(nodes[$0].gradient - chainGradient(of: $0)) }.max() ?? 0
  }

  /// The ways from a number to the loss on which no factor is 0, at most so many.
  ///
  /// The products of the factors of all ways add up to the gradient.
  package func paths(from place: Int, atMost limit: Int) -> [[Arrow]] {
    guard place < nodes.count - 1 else { return [[]] }
    var paths: [[Arrow]] = []
    for arrow in arrows(from: place) where arrow.derivative != 0 {
      let rest = self.paths(from: arrow.target, atMost: limit - paths.count)
      paths += rest.map { [arrow] + $0 }
      if paths.count >= limit { break }
    }
    return paths
  }
}

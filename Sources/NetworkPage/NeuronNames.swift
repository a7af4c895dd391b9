internal import PageFrame

/// What the neurons of a network of points are called.
struct NeuronNames {
  /// Neurons of each layer, from the first hidden one to the outputs.
  private let counts: [Int]

  init(_ counts: [Int]) { self.counts = counts }

  /// Layer by layer.
  var all: [String] {
    counts.indices.flatMap { layer in (0..<counts[layer]).map { name(layer, $0) } }
  }

  private func name(_ layer: Int, _ place: Int) -> String {
    switch layer {
    case -1: "input \(["x", "y"][place])"
    case counts.count - 1: "output \(place)"
    default: "neuron \(place + 1) of layer \(layer + 1)"
    }
  }

  /// How many there are, and which weights are the largest.
  ///
  /// - Parameter weights: Of each layer a row for each neuron.
  func words(_ weights: [[[Float?]]]) -> String {
    var all: [(weight: Float, words: String)] = []
    for (layer, rows) in weights.enumerated() {
      for (target, row) in rows.enumerated() {
        for (source, weight) in row.enumerated() {
          guard let weight else { continue }
          let names = "from \(name(layer - 1, source)) to \(name(layer, target))"
          all.append((weight, "\(Double(weight).spoken) \(names)"))
        }
      }
    }
    let largest = all.sorted { abs($0.weight) > abs($1.weight) }.prefix(3).map(\.words)
    let hidden = counts.dropLast().map { "\($0)" }.joined(separator: ", ")
    return "Network of 2 inputs, \(hidden) hidden neurons and 2 outputs. Largest weights: "
      + "\(largest.joined(separator: "; "))."
  }
}

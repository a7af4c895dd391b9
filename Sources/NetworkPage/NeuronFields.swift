internal import ConvNet
internal import Foundation
internal import Plotting
internal import Tensors
internal import Training

/// What every neuron says over the plane.
struct NeuronFields {
  /// The values of each neuron of hidden layers after its activation, and of the last layer: row by
  /// row from the top.
  private(set) var neurons: [[Float]] = []
  /// 2p − 1 with the probability p of class 1.
  private(set) var answer: [Float] = []
  private let side: Int

  /// - Parameter side: Rows and columns, at least 2.
  init(_ network: Network, _ values: NetworkValues, side: Int) {
    self.side = side
    let reach = Float(PointSet.reach)
    let places = (0..<side).map { (2 * Float($0) / Float(side - 1) - 1) * reach }
    let grid = places.reversed().flatMap { y in places.flatMap { [$0, y] } }
    let tracer = NetworkTracer(
      network: network, batchSize: side * side, workers: Workers(count: 1))
    var statistics = values.statistics
    let activations = tracer.activations(
      of: grid, parameters: values.parameters, statistics: &statistics)
    for (layer, outputs) in activations.enumerated().dropFirst() {
      // Sums are seen through the activation that follows.
      let isLast = layer == activations.count - 1
      guard isLast || layer % 2 == 0 else { continue }
      let width = network.shapes[layer].channels
      for neuron in 0..<width {
        neurons.append((0..<side * side).map { outputs[$0 * width + neuron] })
      }
    }
    let logits = activations[activations.count - 1]
    answer = (0..<side * side).map { tanh((logits[2 * $0 + 1] - logits[2 * $0]) / 2) }
  }

  /// On a scale of its own.
  static func bytes(_ values: [Float]) -> [UInt8] {
    let largest = values.reduce(Float(1e-30)) { $1.isFinite ? max($0, abs($1)) : $0 }
    return scaled(values, by: 127 / largest)
  }

  var answerBytes: [UInt8] { Self.scaled(answer, by: 127) }

  private static func scaled(_ values: [Float], by factor: Float) -> [UInt8] {
    values.map { $0.isFinite ? UInt8((128 + min(max($0 * factor, -127), 127)).rounded()) : 128 }
  }

  /// Segments of the line on which the answer is 0.
  var boundary: [Int] {
    let values = answer, side = side
    let field = HeightField(x: 0...1, y: 0...1, columns: side, rows: side) { x, y in
      let column = Int((x * Double(side - 1)).rounded())
      let row = side - 1 - Int((y * Double(side - 1)).rounded())
      let value = Double(values[row * side + column])
      return value.isFinite ? value : 0
    }
    return field.contour(at: 0).flatMap { a, b in
      [a.x, a.y, b.x, b.y].map { Int(($0 * 1e4).rounded()) }
    }
  }
}

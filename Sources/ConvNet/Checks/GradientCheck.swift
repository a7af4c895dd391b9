public import Tensors

/// Backpropagation through one layer compared with finite differences of its forward pass.
///
/// The loss is a random weighting of the outputs. Each checked element is moved a little up and
/// down; differences are taken output by output, so that outputs it does not affect add no rounding
/// error. Where two step lengths disagree, the forward pass has a kink (a rectifier at zero, a
/// maximum that moves to another element), so there is no derivative to compare with and the
/// element is skipped.
public struct GradientCheck: Encodable, Sendable {
  /// The layer as written in an architecture.
  public let layer: String
  /// The array that was checked: `input`, `weight`, ….
  public let array: String
  /// Elements compared, and elements skipped at kinks.
  public let checked: Int, skipped: Int
  /// ‖backpropagated − numeric‖ over the larger of both norms, over the compared elements.
  public let relativeError: Double

  /// A relative error above this means a wrong gradient, not rounding.
  public static let tolerance = 1e-3

  /// Whether the two agree, and enough elements could be compared.
  public var passes: Bool { relativeError < Self.tolerance && skipped <= max(1, checked / 4) }

  /// Checks the input and every parameter array of a layer.
  ///
  /// - Parameters:
  ///   - shape: The shape of the input, including the batch.
  ///   - samples: Elements of each array that are compared, drawn at random; all if there are
  ///     fewer.
  /// - Throws: `ArchitectureError` if the layer does not fit the input.
  public static func check(
    _ layer: any Layer, on shape: Shape, samples: Int, seed: UInt64 = 1,
    workers: Workers = Workers()
  ) throws(ArchitectureError) -> [GradientCheck] {
    let trial = try LayerTrial(layer, on: shape, workers: workers)
    var generator = SeededGenerator(seed: seed)
    func fill(_ region: FloatRegion) {
      for index in 0..<region.count { region[index] = generator.nextNormal() }
    }
    fill(trial.inputs)
    fill(trial.outputGradients)
    for (slot, region) in zip(trial.slots, trial.arrays) {
      region.copy(from: layer.initialValue(of: slot, using: &generator))
      // Zeros and ones would hide mistakes.
      for index in 0..<region.count {
        region[index] += 0.1 * Float(2 * generator.nextUniform() - 1)
      }
    }
    trial.runForward()
    trial.runBackward()
    let arrays =
      [("input", trial.inputs, trial.inputGradients.array)]
      + trial.parameterGradients.indices.map {
        (trial.slots[$0].name, trial.arrays[$0], trial.parameterGradients[$0].array)
      }
    return arrays.map { name, region, gradient in
      let places =
        region.count <= samples
        ? Array(0..<region.count)
        : Array((0..<region.count).shuffled(using: &generator).prefix(samples))
      let slopes = places.map { place in
        (
          exact: Double(gradient[place]), long: trial.slope(region, place, step: 1e-2),
          short: trial.slope(region, place, step: 5e-3)
        )
      }
      let root = Double(max(1, slopes.count)).squareRoot()
      let size = max(norm(slopes.map(\.short)) / root, floor)
      let smooth = slopes.filter { abs($0.long - $0.short) <= 2e-3 * max(abs($0.short), size) }
      let exact = smooth.map(\.exact)
      // Exact up to the fourth order of the step (Richardson).
      let numeric = smooth.map { (4 * $0.short - $0.long) / 3 }
      let error = norm(zip(exact, numeric).map { $0 - $1 })
      let largest = max(norm(exact), norm(numeric), floor * root)
      return GradientCheck(
        layer: layer.text, array: name, checked: smooth.count,
        skipped: places.count - smooth.count,
        relativeError: error / largest)
    }
  }
}

/// Slopes below this are rounding errors: outputs and their weights are on the order of 1.
private let floor = 1e-3

private func norm(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

extension LayerTrial {
  /// The central difference quotient of the loss in one element.
  fileprivate func slope(_ region: FloatRegion, _ place: Int, step: Float) -> Double {
    let value = region[place]
    defer { region[place] = value }
    func outputs(at value: Float) -> [Float] {
      region[place] = value
      runForward()
      return self.outputs.array
    }
    let (up, down) = (value + step, value - step)
    let (above, below) = (outputs(at: up), outputs(at: down))
    var difference = 0.0
    for index in above.indices where above[index] != below[index] {
      difference +=
        Double(outputGradients[index]) * (Double(above[index]) - Double(below[index]))
    }
    return difference / (Double(up) - Double(down))
  }
}

import ConvNet
import Tensors
import TestSupport
import Testing

/// Backpropagation against central differences of the forward pass, for every number.
@Suite struct GradientTests {
  struct Geometry: CustomTestStringConvertible, Sendable {
    let token: String
    let input: Shape
    var testDescription: String { "\(token) on \(input.batch)×\(input)" }

    init(_ token: String, _ batch: Int, _ height: Int, _ width: Int, _ channels: Int) {
      self.token = token
      input = Shape(batch: batch, height: height, width: width, channels: channels)
    }
  }

  static let geometries = [
    Geometry("conv 3 3x3", 2, 4, 5, 2),
    Geometry("conv 2 3x3 no-bias", 1, 3, 3, 3),
    Geometry("conv 2 1x1", 2, 3, 2, 4),
    Geometry("conv 3 2x2 stride 2 padding valid", 2, 4, 6, 2),
    Geometry("conv 2 5x5", 1, 5, 4, 1),
    Geometry("conv 2 3x3 padding valid", 9, 4, 3, 2),
    Geometry("conv 2 3x3 stride 2 padding 1", 2, 5, 5, 2),
    Geometry("conv 2 2x2 stride 3 padding valid", 1, 5, 8, 2),
    Geometry("pool 2", 2, 4, 6, 3),
    Geometry("pool 3", 1, 7, 6, 2),
    Geometry("average-pool 2", 2, 5, 4, 3),
    Geometry("global-pool", 3, 3, 4, 2),
    Geometry("batchnorm", 3, 2, 3, 3),
    Geometry("batchnorm", 17, 1, 1, 5),
    Geometry("relu", 2, 3, 3, 2),
    Geometry("dropout 0.4", 2, 3, 4, 3),
    Geometry("flatten", 2, 3, 2, 3),
    Geometry("dense 3", 4, 1, 1, 6),
    Geometry("dense 70", 2, 1, 1, 65),
  ]

  @Test(arguments: geometries)
  func `backpropagation agrees with finite differences`(geometry: Geometry) throws {
    let harness = try LayerHarness(geometry.token, on: geometry.input)
    // A fixed permutation of well separated values keeps rectifiers and maxima away from kinks.
    let count = geometry.input.count
    let values = (0..<count).map { Float(($0 * 37 + 11) % count) / Float(count) * 4 - 1.95 }
    let parameters = harness.layer.parameters(for: geometry.input).enumerated().map {
      hashedNumbers(stream: 10 + $0, count: $1.count)
    }
    let weights = hashedNumbers(stream: 3, count: harness.output.count)
    func loss(_ values: [Float], _ parameters: [[Float]]) -> Double {
      let output = harness.run(values, parameters: parameters, outputGradient: weights).output
      return zip(output, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let outcome = harness.run(values, parameters: parameters, outputGradient: weights)
    let step: Float = 4 / Float(count) / 4 < 1e-2 ? 4 / Float(count) / 4 : 1e-2
    let inputs = values.indices.map { index in
      var (up, down) = (values, values)
      up[index] += step
      down[index] -= step
      return (loss(up, parameters) - loss(down, parameters)) / Double(up[index] - down[index])
    }
    #expect(relativeDifference(outcome.inputGradient.map(Double.init), inputs) < 1e-2)
    for slot in parameters.indices {
      let numeric = parameters[slot].indices.map { index in
        var (up, down) = (parameters, parameters)
        up[slot][index] += 1e-2
        down[slot][index] -= 1e-2
        return (loss(values, up) - loss(values, down))
          / Double(up[slot][index] - down[slot][index])
      }
      #expect(
        relativeDifference(outcome.parameterGradients[slot].map(Double.init), numeric) < 1e-2)
    }
  }
}

import ConvNet
import Tensors
import TestSupport
import Testing

/// The fast convolutions against sums in double precision, and against im2col.
@Suite struct FastConvolutionTests {
  struct Geometry: CustomTestStringConvertible, Sendable {
    let batch: Int, height: Int, width: Int, inputs: Int, outputs: Int, padding: Int
    var testDescription: String {
      "\(batch)×\(height)×\(width), \(inputs) to \(outputs), padding \(padding)"
    }
    var input: Shape { Shape(batch: batch, height: height, width: width, channels: inputs) }
    var token: String { "conv\(outputs),padding=\(padding)" }
  }

  static let geometries: [Geometry] = [
    (1, 4, 4, 16, 16, 1), (2, 8, 8, 16, 32, 1), (1, 9, 7, 17, 16, 1), (3, 5, 5, 16, 19, 0),
    (1, 1, 1, 16, 16, 1), (2, 2, 3, 24, 40, 1), (1, 3, 3, 33, 16, 0), (1, 6, 10, 16, 24, 2),
    (5, 18, 18, 32, 32, 1), (1, 37, 13, 20, 50, 1), (9, 7, 7, 64, 48, 1), (40, 4, 4, 64, 64, 1),
    (1, 12, 1, 16, 16, 1), (2, 16, 16, 130, 16, 1), (1, 10, 11, 16, 100, 2),
  ].map {
    Geometry(batch: $0, height: $1, width: $2, inputs: $3, outputs: $4, padding: $5)
  }

  /// ‖a − b‖ / ‖b‖.
  func error(_ a: [Float], _ b: [Double]) -> Double {
    let difference = zip(a, b).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    return (difference / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  /// The three results in double precision, by definition.
  func reference(
    _ g: Geometry, _ output: Shape, _ x: [Float], _ w: [Float], _ b: [Float], _ d: [Float]
  ) -> (output: [Double], input: [Double], weights: [Double]) {
    var y = [Double](repeating: 0, count: output.count)
    var dx = [Double](repeating: 0, count: g.input.count)
    var dw = [Double](repeating: 0, count: w.count)
    for image in 0..<g.batch {
      for oy in 0..<output.height {
        for ox in 0..<output.width {
          let at = ((image * output.height + oy) * output.width + ox) * g.outputs
          for o in 0..<g.outputs { y[at + o] += Double(b[o]) }
          for tap in 0..<9 {
            let (iy, ix) = (oy + tap / 3 - g.padding, ox + tap % 3 - g.padding)
            guard (0..<g.height).contains(iy), (0..<g.width).contains(ix) else { continue }
            let from = ((image * g.height + iy) * g.width + ix) * g.inputs
            for i in 0..<g.inputs {
              let row = (tap * g.inputs + i) * g.outputs
              let value = Double(x[from + i])
              var sum = 0.0
              for o in 0..<g.outputs {
                let weight = Double(w[row + o])
                let gradient = Double(d[at + o])
                y[at + o] += value * weight
                sum += gradient * weight
                dw[row + o] += value * gradient
              }
              dx[from + i] += sum
            }
          }
        }
      }
    }
    return (y, dx, dw)
  }

  @Test(arguments: geometries)
  func `outputs and gradients are those of double precision`(geometry: Geometry) throws {
    let harness = try LayerHarness(geometry.token, on: geometry.input)
    let x = hashedNumbers(stream: 1, count: geometry.input.count)
    let w = hashedNumbers(stream: 2, count: 9 * geometry.inputs * geometry.outputs)
    let b = hashedNumbers(stream: 3, count: geometry.outputs)
    let d = hashedNumbers(stream: 4, count: harness.output.count)
    let expected = reference(geometry, harness.output, x, w, b, d)
    for algorithm in ConvolutionAlgorithm.allCases {
      let result = harness.run(
        x, parameters: [w, b], outputGradient: d, convolution: algorithm)
      #expect(error(result.output, expected.output) < 5e-6, "\(algorithm)")
      #expect(error(result.inputGradient, expected.input) < 5e-6, "\(algorithm)")
      #expect(error(result.parameterGradients[0], expected.weights) < 5e-6, "\(algorithm)")
      let biases = (0..<geometry.outputs).map { o in
        stride(from: o, to: d.count, by: geometry.outputs).reduce(0.0) { $0 + Double(d[$1]) }
      }
      #expect(error(result.parameterGradients[1], biases) < 5e-6, "\(algorithm)")
    }
  }

  @Test func `the number of workers changes no bit`() throws {
    let geometry = Self.geometries[8]
    let outcomes = try [1, 2, 3].map { count in
      let harness = try LayerHarness(
        geometry.token, on: geometry.input, workers: Workers(count: count))
      return harness.run(
        hashedNumbers(stream: 1, count: geometry.input.count),
        parameters: [
          hashedNumbers(stream: 2, count: 9 * 32 * 32), hashedNumbers(stream: 3, count: 32),
        ], outputGradient: hashedNumbers(stream: 4, count: harness.output.count))
    }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.output == outcomes[0].output)
      #expect(outcome.inputGradient == outcomes[0].inputGradient)
      #expect(outcome.parameterGradients == outcomes[0].parameterGradients)
    }
  }
}

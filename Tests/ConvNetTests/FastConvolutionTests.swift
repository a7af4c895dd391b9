import ConvNet
import Tensors
import TestSupport
import Testing

/// The fast convolutions against sums in double precision, and against im2col.
@Suite struct FastConvolutionTests {
  struct Geometry: CustomTestStringConvertible, Sendable {
    let text: String
    let input: Shape
    var testDescription: String { "\(text) on \(input.batch)×\(input)" }

    init(_ text: String, _ batch: Int, _ height: Int, _ width: Int, _ channels: Int) {
      self.text = text
      input = Shape(batch: batch, height: height, width: width, channels: channels)
    }
  }

  static let geometries = [
    Geometry("conv 16 3x3", 1, 4, 4, 16), Geometry("conv 32 3x3", 2, 8, 8, 16),
    Geometry("conv 16 3x3", 1, 9, 7, 17), Geometry("conv 19 3x3 padding 0", 3, 5, 5, 16),
    Geometry("conv 16 3x3", 1, 1, 1, 16), Geometry("conv 40 3x3 no-bias", 2, 2, 3, 24),
    Geometry("conv 16 3x3 padding 0", 1, 3, 3, 33), Geometry("conv 24 3x3 padding 2", 1, 6, 10, 16),
    Geometry("conv 32 3x3", 5, 18, 18, 32), Geometry("conv 50 3x3", 1, 37, 13, 20),
    Geometry("conv 48 3x3", 9, 7, 7, 64), Geometry("conv 64 3x3", 40, 4, 4, 64),
    Geometry("conv 16 3x3", 1, 12, 1, 16), Geometry("conv 16 3x3", 2, 16, 16, 130),
    Geometry("conv 100 3x3 padding 2", 1, 10, 11, 16),
    Geometry("conv 32 3x3", 2, 9, 11, 3), Geometry("conv 24 2x2 stride 2", 3, 8, 9, 3),
    Geometry("conv 5 3x3", 1, 1, 1, 3), Geometry("conv 16 7x7 stride 2", 1, 21, 20, 3),
    Geometry("conv 17 5x3 padding 1", 9, 10, 5, 1), Geometry("conv 8 3x3 stride 3", 1, 10, 11, 7),
    Geometry("conv 70 1x1", 2, 5, 4, 4), Geometry("conv 33 4x4 padding 0", 1, 9, 4, 2),
    Geometry("conv 32 1x1", 2, 5, 7, 16), Geometry("conv 48 5x5", 3, 11, 10, 18),
    Geometry("conv 16 3x3 stride 2", 1, 12, 9, 20),
  ]

  /// ‖a − b‖ / ‖b‖.
  func error(_ a: [Float], _ b: [Double]) -> Double {
    let difference = zip(a, b).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    return (difference / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  /// The three results in double precision, by definition.
  func reference(
    _ window: Window, _ trial: LayerTrial
  ) -> (output: [Double], input: [Double], weights: [Double]) {
    let (x, d) = (trial.inputs.array, trial.outputGradients.array)
    let w = trial.arrays[0].array
    let (inputs, outputs) = (trial.input.channels, trial.output.channels)
    var y = [Double](repeating: 0, count: d.count)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    for position in 0..<trial.output.batch * trial.output.pixelCount {
      let (image, place) = position.quotientAndRemainder(dividingBy: trial.output.pixelCount)
      let at = position * outputs
      for tap in 0..<window.height * window.width {
        let row = place / window.outputWidth * window.stride + tap / window.width - window.top
        let column = place % window.outputWidth * window.stride + tap % window.width - window.left
        guard (0..<trial.input.height).contains(row), (0..<trial.input.width).contains(column)
        else { continue }
        let from = ((image * trial.input.height + row) * trial.input.width + column) * inputs
        for i in 0..<inputs {
          let first = (tap * inputs + i) * outputs
          let value = Double(x[from + i])
          var sum = 0.0
          for o in 0..<outputs {
            let (weight, gradient) = (Double(w[first + o]), Double(d[at + o]))
            y[at + o] += value * weight
            sum += gradient * weight
            dw[first + o] += value * gradient
          }
          dx[from + i] += sum
        }
      }
    }
    if trial.arrays.count > 1 {
      for index in y.indices { y[index] += Double(trial.arrays[1][index % outputs]) }
    }
    return (y, dx, dw)
  }

  func trial(
    _ geometry: Geometry, _ algorithm: ConvolutionAlgorithm = .automatic,
    precision: Precision = .float32, workers: Int = 2, needsInputGradient: Bool = true
  ) throws -> LayerTrial {
    let trial = try LayerTrial(
      layer(geometry.text), on: geometry.input, workers: Workers(count: workers),
      convolution: algorithm, precision: precision, needsInputGradient: needsInputGradient)
    trial.inputs.copy(from: hashedNumbers(stream: 1, count: trial.inputs.count))
    trial.outputGradients.copy(from: hashedNumbers(stream: 4, count: trial.outputs.count))
    for (index, array) in trial.arrays.enumerated() {
      array.copy(from: hashedNumbers(stream: 2 + index, count: array.count))
    }
    trial.runForward()
    trial.runBackward()
    return trial
  }

  /// The results of a geometry in double precision.
  func reference(
    _ geometry: Geometry
  ) throws -> (output: [Double], input: [Double], weights: [Double]) {
    let convolution = try #require(layer(geometry.text) as? Convolution)
    let window = try #require(
      Window(
        over: geometry.input, height: convolution.kernelHeight, width: convolution.kernelWidth,
        stride: convolution.stride, padding: convolution.padding))
    return reference(window, try trial(geometry))
  }

  @Test(arguments: geometries)
  func `outputs and gradients are those of double precision`(geometry: Geometry) throws {
    let expected = try reference(geometry)
    for algorithm in ConvolutionAlgorithm.allCases {
      for needsInputGradient in [true, false] {
        let trial = try trial(geometry, algorithm, needsInputGradient: needsInputGradient)
        #expect(error(trial.outputs.array, expected.output) < 5e-6, "\(algorithm)")
        #expect(error(trial.parameterGradients[0].array, expected.weights) < 5e-6, "\(algorithm)")
        guard needsInputGradient else { continue }
        #expect(error(trial.inputGradients.array, expected.input) < 5e-6, "\(algorithm)")
        guard trial.arrays.count > 1 else { continue }
        let (gradients, outputs) = (trial.outputGradients.array, trial.output.channels)
        let biases = (0..<outputs).map { o in
          stride(from: o, to: gradients.count, by: outputs).reduce(0.0) {
            $0 + Double(gradients[$1])
          }
        }
        #expect(error(trial.parameterGradients[1].array, biases) < 5e-6, "\(algorithm)")
      }
    }
  }

  /// An element of eight bits is off by 2⁻⁹ of itself at most, and so is each side of a product;
  /// F(4×4) multiplies that by five (Documentation/decisions/0061-bfloat16.md).
  @Test(arguments: geometries)
  func `outputs and gradients of bfloat16 are off by no more than eight bits are`(
    geometry: Geometry
  ) throws {
    let expected = try reference(geometry)
    let convolution = try #require(layer(geometry.text) as? Convolution)
    let isWide = min(geometry.input.channels, convolution.outputChannels) >= 16
    let isWinograd = isWide && convolution.kernelHeight == 3 && convolution.stride == 1
    let bound = isWinograd ? 10 * 0x1p-9 : isWide ? 2 * 0x1p-9 : 5e-6
    let least = isWide ? 2e-4 : 0
    for needsInputGradient in [true, false] {
      let trial = try trial(
        geometry, precision: .bfloat16, needsInputGradient: needsInputGradient)
      #expect(least...bound ~= error(trial.outputs.array, expected.output))
      // With larger strides im2col computes both gradients.
      if convolution.stride == 1 || !needsInputGradient {
        #expect(least...bound ~= error(trial.parameterGradients[0].array, expected.weights))
      }
      guard needsInputGradient, convolution.stride == 1 else { continue }
      #expect(least...bound ~= error(trial.inputGradients.array, expected.input))
    }
  }

  @Test(arguments: [8, 15, 16, 24], Precision.allCases)
  func `the number of workers changes no bit`(index: Int, precision: Precision) throws {
    let outcomes = try [1, 2, 3].map { count in
      let trial = try trial(
        Self.geometries[index], precision: precision, workers: count,
        needsInputGradient: index == 8)
      return [trial.outputs.array, trial.inputGradients.array]
        + trial.parameterGradients.map(\.array)
    }
    #expect(outcomes[1] == outcomes[0] && outcomes[2] == outcomes[0])
  }
}

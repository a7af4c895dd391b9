import Tensors
import Testing

/// The matrices of F(outputs, weights) by Toom and Cook's evaluation of polynomials.
private struct ToomCook {
  static let points: [Double] = [0, 1, -1, 2, -2]
  /// Rows are points, ∞ last.
  let weights: [[Double]], inputs: [[Double]], outputs: [[Double]]

  init(outputs outputCount: Int, weights weightCount: Int) {
    func others(_ index: Int) -> [Double] {
      Self.points.indices.filter { $0 != index }.map { Self.points[$0] }
    }
    /// Coefficients of Π (x − root), x⁰ first, six of them.
    func polynomial(_ roots: [Double]) -> [Double] {
      var coefficients = [1.0]
      for root in roots {
        let raised = [0] + coefficients
        let scaled = coefficients.map { -root * $0 } + [0]
        coefficients = zip(raised, scaled).map(+)
      }
      return coefficients + [Double](repeating: 0, count: 6 - coefficients.count)
    }
    func powers(_ point: Double, _ count: Int) -> [Double] {
      (0..<count).map { power in (0..<power).reduce(1) { product, _ in product * point } }
    }
    func atInfinity(_ count: Int) -> [Double] { powers(0, count).reversed() }
    weights =
      Self.points.indices.map { index in
        let point = Self.points[index]
        let factor = others(index).map { point - $0 }.reduce(1, *)
        return powers(point, weightCount).map { $0 / factor }
      } + [atInfinity(weightCount)]
    inputs = Self.points.indices.map { polynomial(others($0)) } + [polynomial(Self.points)]
    outputs = Self.points.map { powers($0, outputCount) } + [atInfinity(outputCount)]
  }
}

// Each matrix is applied to rows and columns of an input that is one at a single place.
@Suite struct WinogradConstantsTests {
  private let forward = ToomCook(outputs: 4, weights: 3)
  private let gradient = ToomCook(outputs: 3, weights: 4)
  let geometry = WinogradGeometry(
    input: Shape(height: 6, width: 6, channels: 1), output: Shape(height: 4, width: 4, channels: 1),
    top: 0, left: 0)

  func region(_ values: [Float]) -> FloatRegion {
    let region = Arena(pieces: [values.count]).piece(values.count)
    region.copy(from: values)
    return region
  }

  func zeros(_ count: Int) -> FloatRegion { region([Float](repeating: 0, count: count)) }

  func unit(_ index: Int, of count: Int) -> FloatRegion {
    var values = [Float](repeating: 0, count: count)
    values[index] = 1
    return region(values)
  }

  /// Compares 36 values, `step` apart, with a column of one matrix times a column of the same.
  func expect(
    _ values: FloatRegion, step: Int, _ matrix: [[Double]], _ row: Int, _ column: Int
  ) {
    for i in 0..<6 {
      for j in 0..<6 {
        let expected = Float(matrix[i][row] * matrix[j][column])
        #expect(abs(values[(i * 6 + j) * step] - expected) < 1e-6, "point \(i), \(j)")
      }
    }
  }

  @Test func `transformed weights are those of Toom and Cook`() {
    let count = WinogradGeometry.weightCount(depth: 1, width: 1)
    for place in 0..<9 {
      let transformed = zeros(count)
      Kernels.winogradWeights(
        unit(place, of: 9), inputs: 1, outputs: 1, isBackward: false, panel: 0, into: transformed)
      expect(transformed, step: count / 36, forward.weights, place / 3, place % 3)
    }
  }

  @Test func `transformed inputs and gradients are those of Toom and Cook`() {
    let counts = geometry.blockCounts(tiles: 1)
    for place in 0..<36 {
      let memory = zeros(counts.input + counts.gradient)
      let block = WinogradBlock(geometry, tiles: 1, in: memory)
      let ofOutput = place % 16
      Kernels.winogradTransform(
        unit(place, of: 36), gradient: FeatureMap(unit(ofOutput, of: 16)), tiles: 0..<1, at: 0,
        into: block)
      expect(memory, step: counts.input / 36, forward.inputs, place / 6, place % 6)
      expect(
        memory[counts.input..<memory.count], step: counts.gradient / 36, gradient.weights,
        ofOutput / 4, ofOutput % 4)
    }
  }

  @Test func `outputs are those of Toom and Cook`() {
    let count = WinogradGeometry.weightCount(depth: 1, width: 1)
    for point in 0..<36 {
      let input = region((0..<36).map { Float($0 * $0 % 17) })
      let counts = geometry.blockCounts(tiles: 1)
      let memory = zeros(counts.input + counts.gradient)
      Kernels.winogradTransform(
        input, gradient: FeatureMap(zeros(16)), tiles: 0..<1, at: 0,
        into: WinogradBlock(geometry, tiles: 1, in: memory))
      let factor = memory[point * (counts.input / 36)]
      #expect(factor != 0)
      let output = zeros(16)
      Kernels.winogradForward(
        FeatureMap(input), geometry, tiles: 0..<1, panels: 0..<1,
        weights: unit(point * (count / 36), of: count),
        scratch: zeros(geometry.scratchCount(tiles: 1)), Epilogue(bias: nil, into: output))
      for place in 0..<16 {
        let expected =
          forward.outputs[point / 6][place / 4] * forward.outputs[point % 6][place % 4]
        #expect(abs(output[place] / factor - Float(expected)) < 1e-4, "point \(point), \(place)")
      }
    }
  }

  @Test func `the gradient of the weights is that of Toom and Cook`() {
    for point in 0..<36 {
      let weights = zeros(9)
      Kernels.winogradWeightGradient(
        unit(point * (geometry.sumCount / 36), of: geometry.sumCount), geometry, panel: 0,
        into: weights)
      for place in 0..<9 {
        let expected =
          gradient.outputs[point / 6][place / 3] * gradient.outputs[point % 6][place % 3]
        #expect(abs(weights[place] - Float(expected)) < 1e-5, "point \(point), \(place)")
      }
    }
  }
}

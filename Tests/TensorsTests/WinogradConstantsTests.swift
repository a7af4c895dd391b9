import Tensors
import Testing

/// The matrices of F(outputs, weights) by Toom and Cook's evaluation of polynomials.
private struct ToomCook {
  /// Rows are points, ∞ last.
  let weights: [[Double]], inputs: [[Double]], outputs: [[Double]]

  init(_ precision: Precision, outputs outputCount: Int, weights weightCount: Int) {
    let (near, far) = precision == .float32 ? (1, 2) : (0.5.squareRoot(), 2.0.squareRoot())
    let points = [0, near, -near, far, -far]
    func others(_ index: Int) -> [Double] {
      points.indices.filter { $0 != index }.map { points[$0] }
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
      points.indices.map { index in
        let point = points[index]
        let factor = others(index).map { point - $0 }.reduce(1, *)
        return powers(point, weightCount).map { $0 / factor }
      } + [atInfinity(weightCount)]
    inputs = points.indices.map { polynomial(others($0)) } + [polynomial(points)]
    outputs = points.map { powers($0, outputCount) } + [atInfinity(outputCount)]
  }
}

// Each matrix is applied to rows and columns of an input that is one at a single place.
@Suite struct WinogradConstantsTests {
  func geometry(_ precision: Precision) -> WinogradGeometry {
    WinogradGeometry(
      input: Shape(height: 6, width: 6, channels: 1),
      output: Shape(height: 4, width: 4, channels: 1), top: 0, left: 0, precision: precision)
  }

  func unit(_ index: Int, of count: Int) -> FloatRegion {
    var values = [Float](repeating: 0, count: count)
    values[index] = 1
    return region(values)
  }

  /// A number of a single tile or channel; of bfloat16 the lower half of a pair.
  func number(_ element: Float, _ precision: Precision) -> Float {
    precision == .float32 ? element : Float(bitPattern: element.bitPattern << 16)
  }

  /// Compares 36 values, `step` apart, with a column of one matrix times a column of the same.
  func expect(
    _ values: FloatRegion, step: Int, _ precision: Precision, _ matrix: [[Double]], _ row: Int,
    _ column: Int
  ) {
    let rounding: Float = precision == .float32 ? 0 : 0x1p-8
    for i in 0..<6 {
      for j in 0..<6 {
        let expected = Float(matrix[i][row] * matrix[j][column])
        let value = number(values[(i * 6 + j) * step], precision)
        #expect(abs(value - expected) < 1e-6 + rounding * abs(expected), "point \(i), \(j)")
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func `transformed weights are those of Toom and Cook`(precision: Precision) {
    let geometry = geometry(precision)
    let count = geometry.weightCount
    let forward = ToomCook(precision, outputs: 4, weights: 3)
    for place in 0..<9 {
      let transformed = zeros(count)
      Kernels.winogradWeights(
        unit(place, of: 9), geometry, isBackward: false, panel: 0, into: transformed)
      expect(transformed, step: count / 36, precision, forward.weights, place / 3, place % 3)
    }
  }

  @Test(arguments: Precision.allCases)
  func `transformed inputs and gradients are those of Toom and Cook`(precision: Precision) {
    let geometry = geometry(precision)
    let forward = ToomCook(precision, outputs: 4, weights: 3)
    let gradient = ToomCook(precision, outputs: 3, weights: 4)
    let counts = geometry.blockCounts(tiles: 1)
    for place in 0..<36 {
      let memory = zeros(counts.input + counts.gradient)
      let block = WinogradBlock(geometry, tiles: 1, in: memory)
      let ofOutput = place % 16
      Kernels.winogradTransform(
        unit(place, of: 36), gradient: FeatureMap(unit(ofOutput, of: 16)), tiles: 0..<1, at: 0,
        into: block)
      expect(memory, step: counts.input / 36, precision, forward.inputs, place / 6, place % 6)
      expect(
        memory[counts.input..<memory.count], step: counts.gradient / 36, precision,
        gradient.weights, ofOutput / 4, ofOutput % 4)
    }
  }

  @Test(arguments: Precision.allCases)
  func `outputs are those of Toom and Cook`(precision: Precision) {
    let geometry = geometry(precision)
    let count = geometry.weightCount
    let forward = ToomCook(precision, outputs: 4, weights: 3)
    for point in 0..<36 {
      let input = region((0..<36).map { Float($0 * $0 % 17) })
      let counts = geometry.blockCounts(tiles: 1)
      let memory = zeros(counts.input + counts.gradient)
      Kernels.winogradTransform(
        input, gradient: FeatureMap(zeros(16)), tiles: 0..<1, at: 0,
        into: WinogradBlock(geometry, tiles: 1, in: memory))
      let factor = number(memory[point * (counts.input / 36)], precision)
      #expect(factor != 0)
      let output = zeros(16)
      let weights = zeros(count)
      weights[point * (count / 36)] = precision == .float32 ? 1 : Float(bitPattern: 0x3f80)
      Kernels.winogradForward(
        FeatureMap(input), geometry, tiles: 0..<1, panels: 0..<1,
        weights: weights,
        scratch: zeros(geometry.scratchCount(tiles: 1)), Epilogue(bias: nil, into: output))
      for place in 0..<16 {
        let expected =
          forward.outputs[point / 6][place / 4] * forward.outputs[point % 6][place % 4]
        #expect(abs(output[place] / factor - Float(expected)) < 1e-4, "point \(point), \(place)")
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func `the gradient of the weights is that of Toom and Cook`(precision: Precision) {
    let geometry = geometry(precision)
    let gradient = ToomCook(precision, outputs: 3, weights: 4)
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

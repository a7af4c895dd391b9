import Tensors
import TestSupport
import Testing

/// Every kernel against the plainest Swift that says the same, at sizes that are no multiple of
/// any vector.
@Suite struct KernelTests {
  func dot(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  static let windows: [Window] =
    [
      (Shape(height: 5, width: 7, channels: 3), 3, 3, 1, 1),
      (Shape(height: 4, width: 6, channels: 2), 2, 2, 2, 0),
      (Shape(height: 7, width: 5, channels: 1), 3, 3, 2, 1),
      (Shape(height: 6, width: 6, channels: 4), 1, 1, 1, 0),
      (Shape(height: 8, width: 9, channels: 2), 2, 2, 3, 0),
      (Shape(height: 3, width: 3, channels: 5), 5, 5, 1, 2),
      (Shape(height: 1, width: 1, channels: 7), 3, 3, 1, 1),
      (Shape(height: 4, width: 9, channels: 2), 3, 1, 2, 0),
    ].compactMap { Window(over: $0, height: $1, width: $2, stride: $3, padding: .zeros($4)) }
    + [
      (Shape(height: 5, width: 6, channels: 3), 2, 2, 1),
      (Shape(height: 7, width: 4, channels: 2), 3, 2, 2),
      (Shape(height: 5, width: 8, channels: 1), 1, 1, 3),
    ].compactMap { Window(over: $0, height: $1, width: $2, stride: $3, padding: .same) }

  @Test func `every window of the table exists`() {
    #expect(Self.windows.count == 11)
  }

  @Test(arguments: [(7, 3, 1), (8, 3, 2), (7, 2, 2), (5, 5, 3), (1, 3, 2)])
  func `padding that keeps the size gives a position for every stride begun`(
    image: Int, window: Int, stride: Int
  ) throws {
    let shape = Shape(height: image, width: image, channels: 1)
    let same = try #require(
      Window(over: shape, height: window, width: window, stride: stride, padding: .same))
    #expect(same.outputHeight == (image + stride - 1) / stride)
    // The far side gets the odd zero.
    let behind = (same.outputHeight - 1) * stride + window - image - same.top
    #expect(behind == same.top || behind == same.top + 1 || behind < 0)
  }

  @Test func `a window larger than the padded image does not exist`() {
    let shape = Shape(height: 2, width: 5, channels: 1)
    #expect(Window(over: shape, height: 3, width: 3, stride: 1) == nil)
    #expect(Window(over: shape, height: 3, width: 3, stride: 1, padding: .zeros(1)) != nil)
  }

  @Test(arguments: windows)
  func `im2col puts every pixel where the window sees it`(window: Window) {
    let image = hashedNumbers(stream: 1, count: window.input.count)
    let columns = region([Float](repeating: 9, count: window.positionCount * window.count))
    Kernels.imageToColumns(
      region(image), window, rows: 0..<window.outputHeight, into: columns)
    var expected: [Float] = []
    for y in 0..<window.outputHeight {
      for x in 0..<window.outputWidth {
        for r in 0..<window.height {
          for q in 0..<window.width {
            for c in 0..<window.input.channels {
              let (row, column) = (
                y * window.stride + r - window.top, x * window.stride + q - window.left
              )
              let isInside =
                (0..<window.input.height).contains(row) && (0..<window.input.width).contains(column)
              expected.append(
                isInside
                  ? image[(row * window.input.width + column) * window.input.channels + c] : 0)
            }
          }
        }
      }
    }
    #expect(columns.array == expected)
  }

  @Test(arguments: windows)
  func `adding columns to an image is the adjoint of im2col`(window: Window) {
    let image = hashedNumbers(stream: 1, count: window.input.count)
    let weights = hashedNumbers(stream: 2, count: window.positionCount * window.count)
    let columns = region(weights.map { _ in 0 })
    let back = region(image.map { _ in 0 })
    Kernels.imageToColumns(region(image), window, rows: 0..<window.outputHeight, into: columns)
    Kernels.addColumnsToImage(region(weights), window, rows: 0..<window.outputHeight, into: back)
    // ⟨Ax, w⟩ = ⟨x, Aᵀw⟩
    #expect(abs(dot(columns.array, weights) - dot(image, back.array)) < 1e-4)
  }

  /// A maximum selects, a mean weighs: both are matrices once the maxima are known.
  @Test(arguments: windows)
  func `pooling backward is the adjoint of pooling`(window: Window) {
    let image = hashedNumbers(stream: 1, count: window.input.count)
    let count = window.positionCount * window.input.channels
    let weights = hashedNumbers(stream: 2, count: count)
    let (output, back) = (region(weights.map { _ in 0 }), region(image.map { _ in 0 }))
    Kernels.averagePool(region(image), window, into: output)
    Kernels.averagePoolBackward(region(weights), window, into: back)
    #expect(abs(dot(output.array, weights) - dot(image, back.array)) < 1e-5)
    Kernels.maxPool(region(image), window, into: output)
    Kernels.maxPoolBackward(
      region(image), output: output, gradient: region(weights), window, into: back)
    #expect(abs(dot(output.array, weights) - dot(image, back.array)) < 1e-5)
  }

  @Test(arguments: windows)
  func `a byte for each maximum gives the gradient that the images give`(window: Window) {
    // Few values, so that many pixels are as large as the maximum.
    let image = hashedNumbers(stream: 1, count: window.input.count).map { ($0 * 2).rounded() }
    let count = window.positionCount * window.input.channels
    let gradient = region(hashedNumbers(stream: 2, count: count))
    let (output, same) = (region(gradient.array), region(gradient.array))
    let argMax = ByteRegion(region(gradient.array))
    let (back, indexed) = (region(image), region(image))
    Kernels.maxPool(region(image), window, into: output)
    Kernels.maxPool(region(image), window, into: same, argMax: argMax)
    #expect(output.array == same.array)
    Kernels.maxPoolBackward(
      region(image), output: output, gradient: gradient, window, into: back)
    Kernels.maxPoolBackward(argMax: argMax, gradient: gradient, window, into: indexed)
    #expect(back.array == indexed.array)
  }

  @Test(arguments: [1, 7, 64, 100, 5000])
  func `sums of squares agree with double precision`(count: Int) {
    let values = hashedNumbers(stream: 3, count: count)
    #expect(abs(Kernels.sumOfSquares(values) - dot(values, values)) < 1e-6 * Double(count))
  }

  @Test(arguments: [(1, 1), (3, 5), (130, 3), (70, 300)])
  func `channel sums and moments agree with double precision`(rows: Int, channels: Int) {
    let values = hashedNumbers(stream: 4, count: rows * channels).map { 100 + $0 }
    let sums = region([Float](repeating: 0, count: channels))
    Kernels.sumRows(FeatureMap(region(values)), into: sums)
    let totals = DoubleRegion(region([Float](repeating: 0, count: 4 * channels)))
    Kernels.moments(region(values), pivot: region(Array(values[0..<channels])), into: totals)
    for c in 0..<channels {
      let column = (0..<rows).map { Double(values[$0 * channels + c]) }
      let shifted = column.map { $0 - column[0] }
      #expect(abs(Double(sums[c]) - column.reduce(0, +)) < 1e-4 * Double(rows))
      #expect(abs(totals[c] - shifted.reduce(0, +)) < 1e-4)
      #expect(abs(totals[channels + c] - shifted.reduce(0) { $0 + $1 * $1 }) < 1e-4)
    }
  }

  @Test(arguments: [(1, 8), (2, 1), (3, 5), (7, 100), (513, 6), (10368, 3)])
  func `a dense layer of few images agrees with double precision, whatever their number`(
    inputs: Int, outputs: Int
  ) {
    let images = 5
    let x = hashedNumbers(stream: 1, count: images * inputs)
    let weights = hashedNumbers(stream: 2, count: outputs * inputs)
    let bias = hashedNumbers(stream: 3, count: outputs)
    func run(_ images: Range<Int>, bias: FloatRegion?) -> [Float] {
      let output = region([Float](repeating: .nan, count: images.count * outputs))
      // Two tasks.
      for part in [0..<outputs / 2, outputs / 2..<outputs] {
        Kernels.dense(
          region(Array(x[images.lowerBound * inputs..<images.upperBound * inputs])),
          images: images.count, weights: region(weights), bias: bias, outputs: part, into: output)
      }
      return output.array
    }
    let all = run(0..<images, bias: region(bias))
    for image in 0..<images {
      let own = Array(x[image * inputs..<(image + 1) * inputs])
      for output in 0..<outputs {
        let row = Array(weights[output * inputs..<(output + 1) * inputs])
        let expected = dot(own, row) + Double(bias[output])
        let size = dot(own.map(abs), row.map(abs)) + 1
        #expect(abs(Double(all[image * outputs + output]) - expected) < 1e-6 * size)
      }
      #expect(
        run(image..<image + 1, bias: region(bias))
          == Array(all[image * outputs..<(image + 1) * outputs]))
    }
    #expect(run(0..<images, bias: nil) == run(0..<images, bias: region(bias.map { _ in 0 })))
  }

  @Test func `dropout keeps the share it is told to and scales it up`() {
    let ones = [Float](repeating: 1, count: 20_000)
    let output = region(ones)
    Kernels.dropout(region(ones), keep: 0.75, seed: 5, into: output)
    let kept = output.array.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 1 / 0.75) < 1e-6 })
    #expect(abs(Double(kept.count) / 20_000 - 0.75) < 0.02)
  }

  @Test func `keeping everything changes nothing`() {
    let values = hashedNumbers(stream: 6, count: 999)
    let output = region(values.map { _ in 0 })
    Kernels.dropout(region(values), keep: 1, seed: 5, into: output)
    #expect(output.array == values)
  }

  @Test func `not-a-number passes rectifier and max pooling`() throws {
    let window = try #require(
      Window(over: Shape(height: 2, width: 2, channels: 1), height: 2, width: 2, stride: 2))
    for place in 0..<4 {
      var values: [Float] = [1, -2, 3, 4]
      values[place] = .nan
      let rectified = region(values)
      Kernels.rectify(region(values), into: rectified)
      #expect(rectified[place].isNaN)
      let pooled = region([0])
      Kernels.maxPool(region(values), window, into: pooled)
      #expect(pooled[0].isNaN, "a NaN in place \(place) was lost")
    }
  }

  @Test func `a kernel given regions of other sizes traps`() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena(pieces: [4, 5])
      Kernels.add(arena.piece(4), to: arena.piece(5))
    }
  }
}

@Suite struct MatrixTests {
  @Test(arguments: [false, true], [false, true])
  func `a product agrees with the definition`(transposeA: Bool, transposeB: Bool) {
    let (m, n, k) = (3, 5, 4)
    let arena = Arena(pieces: [m * k, k * n, m * n])
    let (a, b, c) = (arena.piece(m * k), arena.piece(k * n), arena.piece(m * n))
    let (x, y) = (hashedNumbers(stream: 1, count: m * k), hashedNumbers(stream: 2, count: k * n))
    a.copy(from: x)
    b.copy(from: y)
    c.fill(1)
    let left =
      transposeA ? Matrix(a, rows: k, columns: m).transposed : Matrix(a, rows: m, columns: k)
    let right =
      transposeB ? Matrix(b, rows: n, columns: k).transposed : Matrix(b, rows: k, columns: n)
    Matrix(c, rows: m, columns: n).setProduct(left, right, adding: true)
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = 1
        for l in 0..<k {
          sum +=
            (transposeA ? x[l * m + i] : x[i * k + l]) * (transposeB ? y[j * k + l] : y[l * n + j])
        }
        #expect(abs(c[i * n + j] - sum) < 1e-5)
      }
    }
  }

  @Test(arguments: [1, 7, 16, 37], [false, true])
  func `a matrix times its transpose is the product of the two`(size: Int, isTransposed: Bool) {
    let inner = 5
    let arena = Arena(pieces: [size * inner, size * size, size * size])
    let (a, gram, product) = (
      arena.piece(size * inner), arena.piece(size * size), arena.piece(size * size)
    )
    a.copy(from: hashedNumbers(stream: 1, count: size * inner))
    gram.fill(3)
    let matrix =
      isTransposed
      ? Matrix(a, rows: inner, columns: size).transposed : Matrix(a, rows: size, columns: inner)
    Matrix(gram, rows: size, columns: size).setGram(of: matrix, times: 2, keeping: 0.5)
    Matrix(product, rows: size, columns: size).setProduct(matrix, matrix.transposed)
    let expected = product.array.map { 2 * $0 + 1.5 }
    #expect(largestDifference(gram.array, expected) < 1e-5)
  }

  @Test func `extents that do not agree trap`() async {
    await #expect(processExitsWith: .failure) {
      let region = Arena(pieces: [16]).piece(16)
      Matrix(region, rows: 4, columns: 4).setProduct(
        Matrix(region, rows: 4, columns: 3), Matrix(region, rows: 4, columns: 4))
    }
  }
}

import Tensors
import TestSupport
import Testing

/// Rounding and products as exact fractions give them; made by Tools/reference/bfloat16.py.
private struct BFloat16Reference: Decodable {
  struct Product: Decodable { let left: [UInt32], right: [UInt32], sum: UInt32 }
  let values: [UInt32], rounded: [UInt32]
  let products: [Product]
}

/// bfloat16 with the processor's products and without: the same bits.
@Suite struct BFloat16Tests {
  private let reference: BFloat16Reference

  init() throws {
    reference = try fixture(BFloat16Reference.self, "bfloat16.json", in: .module)
  }

  static let native: Comment = "this processor has no products of bfloat16"

  /// The outputs of a dense layer of bfloat16 for each row of inputs.
  func products(_ inputs: [Float], _ weights: [Float], _ dense: PairedDense) -> [Float] {
    let images = inputs.count / dense.inputs
    let panels = zeros(dense.weightCount)
    for panel in 0..<dense.panelCount {
      Kernels.densePanel(region(weights), dense, panel: panel, into: panels)
    }
    let rows = zeros(dense.rowCount(images: images))
    Kernels.denseRows(region(inputs), dense, into: rows)
    let output = zeros(images * dense.outputs)
    Kernels.dense(
      rows, dense, panels: 0..<dense.panelCount, weights: panels, bias: nil,
      scratch: zeros(dense.sumCount(images: images, panels: dense.panelCount)), into: output)
    return output.array
  }

  @Test(arguments: [true, false])
  func `rounding is to the nearest number with eight bits`(usesInstructions: Bool) {
    let dense = PairedDense(
      inputs: reference.values.count, outputs: 1, usesInstructions: usesInstructions)
    let values = region(reference.values.map { Float(bitPattern: $0) })
    let rows = zeros(dense.rowCount(images: 1))
    Kernels.denseRows(values, dense, into: rows)
    let panels = zeros(dense.weightCount)
    Kernels.densePanel(values, dense, panel: 0, into: panels)
    for (index, expected) in reference.rounded.enumerated() {
      for pair in [rows[index / 2], panels[16 * (index / 2)]] {
        let bits = index.isMultiple(of: 2) ? pair.bitPattern << 16 : pair.bitPattern & 0xffff_0000
        #expect(
          bits == expected
            || Float(bitPattern: bits).isNaN && Float(bitPattern: expected).isNaN,
          "\(reference.values[index])")
      }
    }
  }

  @Test(arguments: [true, false])
  func `the second product of a pair is added first, each sum rounded once`(
    usesInstructions: Bool
  ) {
    for product in reference.products {
      let dense = PairedDense(
        inputs: product.left.count, outputs: 1, usesInstructions: usesInstructions)
      let sum = products(
        product.left.map { Float(bitPattern: $0) }, product.right.map { Float(bitPattern: $0) },
        dense)
      #expect(sum == [Float(bitPattern: product.sum)], "\(product.left.count) numbers")
    }
  }

  @Test(.enabled(if: Precision.bfloat16.isNative, native), arguments: [5, 33])
  func `products without instructions have the bits of those with them`(images: Int) {
    let (inputs, outputs) = (77, 50)
    let x = hashedNumbers(stream: 1, count: images * inputs)
    let w = hashedNumbers(stream: 2, count: outputs * inputs)
    let found = [true, false].map {
      products(x, w, PairedDense(inputs: inputs, outputs: outputs, usesInstructions: $0))
    }
    #expect(found[0] == found[1])
  }

  /// Outputs and the gradient of the weights of a convolution.
  func convolution(_ geometry: WinogradGeometry, images: Int) -> [[Float]] {
    let count = (images * 13 * 9, geometry.inputs, geometry.outputs)
    let input = region(hashedNumbers(stream: 1, count: count.0 * count.1))
    let gradient = region(hashedNumbers(stream: 2, count: count.0 * count.2))
    let weights = region(hashedNumbers(stream: 3, count: 9 * count.1 * count.2))
    let transformed = zeros(geometry.weightCount)
    for panel in geometry.panels {
      Kernels.winogradWeights(weights, geometry, isBackward: false, panel: panel, into: transformed)
    }
    let tiles = images * geometry.tileCount
    let output = zeros(gradient.count)
    Kernels.winogradForward(
      FeatureMap(input), geometry, tiles: 0..<tiles, panels: geometry.panels, weights: transformed,
      scratch: zeros(geometry.scratchCount(tiles: tiles)), Epilogue(bias: nil, into: output))
    let counts = geometry.blockCounts(tiles: tiles)
    let block = WinogradBlock(geometry, tiles: tiles, in: zeros(counts.input + counts.gradient))
    Kernels.winogradTransform(
      input, gradient: FeatureMap(gradient), tiles: 0..<tiles, at: 0, into: block)
    let sums = zeros(geometry.sumCount)
    for point in 0..<WinogradGeometry.pointCount {
      for adds in [false, true] {
        Kernels.winogradPointSums(
          block, point: point, panels: geometry.panels, tiles: tiles, adding: adds, into: sums)
      }
    }
    let found = zeros(weights.count)
    for panel in geometry.panels {
      Kernels.winogradWeightGradient(sums, geometry, panel: panel, into: found)
    }
    return [output.array, found.array]
  }

  @Test(
    .enabled(if: Precision.bfloat16.isNative, native), arguments: [(16, 16), (7, 37), (33, 20)])
  func `convolutions without instructions have the bits of those with them`(
    inputs: Int, outputs: Int
  ) {
    let found = [true, false].map {
      convolution(
        WinogradGeometry(
          input: Shape(height: 13, width: 9, channels: inputs),
          output: Shape(height: 13, width: 9, channels: outputs), top: 1, left: 1,
          precision: .bfloat16, usesInstructions: $0), images: 3)
    }
    #expect(found[0] == found[1])
    #expect(found[0].allSatisfy { $0.contains { $0 != 0 } })
  }
}

internal import Tensors

/// Some whole images, or some output rows of one image, whose columns fit into the cache.
struct ColumnBlock: Sendable {
  /// Values in a block of columns: 256 KiB, half of a typical second-level cache.
  private static let capacity = 1 << 16

  let images: Range<Int>
  let rows: Range<Int>

  private static func rowsPerBlock(_ window: Window) -> Int {
    max(1, min(window.outputHeight, capacity / (window.outputWidth * window.count)))
  }

  private static func imagesPerBlock(_ window: Window) -> Int {
    max(1, capacity / (window.positionCount * window.count))
  }

  static func largestCount(_ window: Window, batch: Int) -> Int {
    let rows = rowsPerBlock(window)
    let images = rows < window.outputHeight ? 1 : min(batch, imagesPerBlock(window))
    return images * rows * window.outputWidth * window.count
  }

  static func cut(images: Range<Int>, _ window: Window) -> [ColumnBlock] {
    let rows = rowsPerBlock(window)
    guard rows < window.outputHeight else {
      return stride(
        from: images.lowerBound, to: images.upperBound, by: imagesPerBlock(window)
      ).map {
        ColumnBlock(
          images: $0..<min($0 + imagesPerBlock(window), images.upperBound),
          rows: 0..<window.outputHeight)
      }
    }
    return images.flatMap { image in
      stride(from: 0, to: window.outputHeight, by: rows).map {
        ColumnBlock(images: image..<image + 1, rows: $0..<min($0 + rows, window.outputHeight))
      }
    }
  }

  /// Values in the columns of one image of the block.
  private func countPerImage(_ window: Window) -> Int {
    rows.count * window.outputWidth * window.count
  }

  func columns(of pass: ForwardPass, _ window: Window, in scratch: FloatRegion) -> Matrix {
    let size = countPerImage(window)
    for (position, index) in images.enumerated() {
      Kernels.imageToColumns(
        pass.image(index, of: pass.input, pass.inputShape), window, rows: rows,
        into: scratch[position * size..<(position + 1) * size])
    }
    return Matrix(
      scratch[0..<images.count * size], rows: images.count * rows.count * window.outputWidth,
      columns: window.count)
  }

  func addColumns(
    _ columns: FloatRegion, _ window: Window, to inputGradient: FloatRegion, _ pass: ForwardPass
  ) {
    let size = countPerImage(window)
    for (position, index) in images.enumerated() {
      Kernels.addColumnsToImage(
        columns[position * size..<(position + 1) * size], window, rows: rows,
        into: pass.image(index, of: inputGradient, pass.inputShape))
    }
  }

  /// The block's part of a region of batch × positions × channels.
  func rows(of region: FloatRegion, _ window: Window, channels: Int) -> Matrix {
    let first = images.lowerBound * window.positionCount + rows.lowerBound * window.outputWidth
    let count = images.count * rows.count * window.outputWidth
    return Matrix(
      region[first * channels..<(first + count) * channels], rows: count, columns: channels)
  }
}

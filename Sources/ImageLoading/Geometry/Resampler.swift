internal import Tensors

/// Antialiased resizing, one axis after the other.
enum Resampler {
  /// Brings a region of `image` to `width`×`height`.
  ///
  /// Pixels just outside the region take part at its edges, as far as the image has them.
  static func resample(
    _ image: PixelBuffer, _ region: Region, _ width: Int, _ height: Int
  ) -> PixelBuffer {
    let across = ResampleWeights(
      available: image.width, start: region.left, length: region.width, count: width)
    let down = ResampleWeights(
      available: image.height, start: region.top, length: region.height, count: height)
    let columns = across.sourceRange
    // Rows first: sums along columns take whole registers, and leave fewer rows to narrow.
    let low = Kernels.lowered(image.bytes, width: image.width, columns: columns, down.kernel)
    let bytes = Kernels.narrowed(
      low, width: columns.count, offset: columns.lowerBound, across.kernel)
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }
}

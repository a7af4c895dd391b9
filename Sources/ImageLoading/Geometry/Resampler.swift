internal import Tensors

/// Antialiased resizing, one axis after the other.
enum Resampler {
  /// Brings a region of `image` to `width`×`height`.
  ///
  /// Pixels just outside the region take part at its edges, as far as the picture has them.
  static func resample(
    _ image: PixelBuffer, _ region: Region, _ width: Int, _ height: Int
  ) -> PixelBuffer {
    let across = ResampleWeights(
      available: image.width, start: region.left, length: region.width, count: width)
    let down = ResampleWeights(
      available: image.height, start: region.top, length: region.height, count: height)
    let rows = down.sourceRange
    let isWidthKept = width == image.width && region.width == image.width
    let narrow =
      isWidthKept
      ? image.bytes
      : Kernels.narrowed(image.bytes, width: image.width, rows: rows, across.kernel)
    // After narrowing, row 0 is the first row that is needed.
    let bytes = Kernels.lowered(
      narrow, width: width, offset: isWidthKept ? 0 : rows.lowerBound, down.kernel)
    return PixelBuffer(width: width, height: height, bytes: bytes)
  }
}

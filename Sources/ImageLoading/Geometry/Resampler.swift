internal import Support
internal import Tensors

/// Antialiased resizing, one axis after the other.
enum Resampler {
  /// Resamples a region of `image` to `width`×`height`.
  ///
  /// At its edges, pixels just outside the region contribute as far as the image has them.
  static func resample(
    _ image: PixelBuffer, _ region: Region, _ width: Int, _ height: Int
  ) -> PixelBuffer {
    let across = ResampleWeights(
      available: image.width, start: region.left, length: region.width, count: width)
    let down = ResampleWeights(
      available: image.height, start: region.top, length: region.height, count: height)
    return resample(image, across: across, down: down)
  }

  /// Resamples by weights that may serve many images of one size.
  static func resample(
    _ image: PixelBuffer, across: ResampleWeights, down: ResampleWeights
  ) -> PixelBuffer {
    let columns = across.sourceRange
    // Vertically first: sums along columns fill whole registers, and leave fewer rows.
    let rows = Kernels.resizedVertically(
      image.bytes, width: image.width, columns: columns, down.kernel)
    let bytes = Kernels.resizedHorizontally(
      rows, width: columns.count, offset: columns.lowerBound, across.kernel)
    return PixelBuffer(width: across.starts.count, height: down.starts.count, bytes: bytes)
  }
}

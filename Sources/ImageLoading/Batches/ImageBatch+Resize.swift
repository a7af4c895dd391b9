internal import Support
internal import Synchronization
package import Tensors

extension ImageBatch {
  /// The images of the batch at another size, antialiased.
  ///
  /// - Parameters:
  ///   - size: Rows and columns of the images in `pixels`.
  ///   - newSize: Rows and columns that are wanted; the batch itself if they are the same.
  package func resized(from size: Int, to newSize: Int, workers: Workers) -> ImageBatch {
    guard size != newSize else { return self }
    let geometry = ImageGeometry(imageSize: newSize, fit: .stretch)
    let byteCount = size * size * 3
    let resized = Mutex([UInt8](repeating: 0, count: places.count * geometry.byteCount))
    workers.run(places.count) { position in
      let start = places[position] * byteCount
      let image = PixelBuffer(
        width: size, height: size, bytes: Array(pixels[start..<start + byteCount]))
      let bytes = geometry.apply(to: image).bytes
      let end = (position + 1) * geometry.byteCount
      resized.withLock { $0.replaceSubrange(end - geometry.byteCount..<end, with: bytes) }
    }
    return ImageBatch(
      pixels: resized.withLock { $0 }, places: Array(places.indices), samples: samples)
  }
}

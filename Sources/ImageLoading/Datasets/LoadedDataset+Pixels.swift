public import Support

extension LoadedDataset {
  /// One image, read again if it is not in memory.
  ///
  /// - Parameter size: Rows and columns of the images of the dataset, pixels.
  /// - Throws: `DatasetError.changed` when its file has changed since it was loaded.
  public func image(at index: Int, size: Int) throws(DatasetError) -> PixelBuffer {
    let batch = try images(at: [index])
    let start = batch.places[0] * size * size * 3
    return PixelBuffer(
      width: size, height: size, bytes: Array(batch.pixels[start..<start + size * size * 3]))
  }
}

public import Support

extension LoadedDataset {
  /// Images as the network sees them, read again if they are not in memory.
  ///
  /// - Parameter imageSize: Rows and columns of each, pixels.
  /// - Throws: `DatasetError.changed` when a file has changed since it was loaded.
  public func bitmaps(at indices: [Int], imageSize: Int) throws(DatasetError) -> [PixelBuffer] {
    let batch = try images(at: indices)
    let length = imageSize * imageSize * 3
    return batch.places.map { place in
      PixelBuffer(
        width: imageSize, height: imageSize,
        bytes: Array(batch.pixels[place * length..<(place + 1) * length]))
    }
  }
}

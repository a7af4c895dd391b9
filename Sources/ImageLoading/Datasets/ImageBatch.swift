/// The images of one batch of a dataset.
public struct ImageBatch: Sendable {
  /// Images one after another, size × size × 3 bytes each; there may be more than the batch has.
  public let pixels: [UInt8]
  /// Positions in `pixels` of the batch's images, in order.
  public let places: [Int]
  /// Indices of these images in the dataset.
  public let samples: [Int]

  package init(pixels: [UInt8], places: [Int], samples: [Int]) {
    self.pixels = pixels
    self.places = places
    self.samples = samples
  }
}

/// Reads images of a dataset again, for datasets that are not kept in memory.
struct ImageSource: Sendable {
  /// The pixels of images, one after another.
  ///
  /// - Throws: `DatasetError.changed` when a file has changed since it was loaded, `.shortage`.
  let pixels: @Sendable (_ images: [LoadedImage]) throws(DatasetError) -> [UInt8]

  /// Decodes the files again.
  init(_ reader: ImageReader, location: @escaping @Sendable (_ path: String) -> String) {
    pixels = { images throws(DatasetError) in
      var pixels: [UInt8] = []
      let outcomes = try reader.read(images.map { location($0.path) })
      for (image, outcome) in zip(images, outcomes) {
        switch outcome {
        case .success(let read) where read.sha256 == image.sha256: pixels += read.pixels
        case .success: throw .changed(path: image.path, reason: "its content differs")
        case .failure(let reason): throw .changed(path: image.path, reason: reason.text)
        }
      }
      return pixels
    }
  }

  /// Reads a cache, whose memory all processes of a host share; nil if it lacks one of the images.
  init?(_ cache: CacheSet, _ images: [LoadedImage]) {
    guard images.allSatisfy({ cache.holds(sha256: $0.sha256) }) else { return nil }
    pixels = { images throws(DatasetError) in
      var pixels: [UInt8] = []
      for image in images {
        guard let own = cache.pixels(sha256: image.sha256) else {
          throw .changed(path: image.path, reason: "its pixels in the cache differ")
        }
        pixels += own
      }
      return pixels
    }
  }
}

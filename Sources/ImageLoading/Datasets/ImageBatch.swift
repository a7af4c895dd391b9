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

/// Reads images of a dataset again, for datasets that do not fit into memory.
struct ImageSource: Sendable {
  let reader: ImageReader
  let location: @Sendable (_ path: String) -> String

  /// The pixels of images, one after another.
  ///
  /// - Throws: `DatasetError.changed` when a file has changed since it was loaded, `.shortage`.
  func pixels(of images: [LoadedImage]) throws(DatasetError) -> [UInt8] {
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

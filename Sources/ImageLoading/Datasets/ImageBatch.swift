/// Images of a dataset side by side.
public struct ImageBatch: Sendable {
  /// Images one after the other, size × size × 3 bytes each; perhaps more than are wanted.
  public let pixels: [UInt8]
  /// Which of them, in order.
  public let places: [Int]
  /// Their numbers in the dataset.
  public let samples: [Int]
}

/// Reads images of a dataset again, for folders that do not fit into memory.
struct ImageSource: Sendable {
  let reader: ImageReader
  let location: @Sendable (_ path: String) -> String

  /// Images one after the other.
  ///
  /// - Throws: `DatasetError.changed` when a file is not what it was.
  func pixels(of images: [LoadedImage]) throws(DatasetError) -> [UInt8] {
    var pixels: [UInt8] = []
    let outcomes = reader.read(images.map { location($0.path) })
    for (image, outcome) in zip(images, outcomes) {
      switch outcome {
      case .success(let read) where read.sha256 == image.sha256: pixels += read.pixels
      case .success: throw .changed(path: image.path, reason: "its content is another")
      case .failure(let reason): throw .changed(path: image.path, reason: reason.text)
      }
    }
    return pixels
  }
}

internal import Tensors

/// Bootstrap resamples of some images: each draws as many of them as there are, with replacement.
struct Resamples {
  /// Number of images.
  let imageCount: Int
  /// Number of resamples.
  let count: Int
  /// Decides what is drawn.
  let seed: UInt64

  /// The images of a resample, in the order in which they are drawn.
  func images(_ resample: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: UInt64(resample))
    return (0..<imageCount).map { _ in
      Int((generator.nextUniform() * Double(imageCount)).rounded(.down))
    }
  }

  /// How often each image is drawn.
  func weights(_ resample: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: imageCount)
    for image in images(resample) { weights[image] += 1 }
    return weights
  }
}

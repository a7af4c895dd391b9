internal import ConvNet
internal import ImageLoading
internal import Tensors

extension Explainer {
  /// How much the score falls where a patch of the mean color covers the image.
  ///
  /// The patch moves by the stride of `options`, from the top left; what would lie beyond the right
  /// or the bottom edge is cut off. A pixel has the mean over the patches that cover it.
  func occlusion(_ image: [Float], _ target: ExplanationTarget) -> AttributionMap {
    let size = network.inputShape.width
    let starts = Self.starts(of: options.patch, stride: options.stride, over: size)
    let places = starts.flatMap { y in starts.map { x in (y, x) } }
    let whole = target.value(logits(of: [image])[0][...])
    var sums = [Float](repeating: 0, count: size * size)
    var counts = sums
    // A few at a time, so that copies of the image take little memory.
    for part in Array(places.indices).batches(of: Self.inferenceBatch) {
      let covered = part.map { cover(image, at: places[$0]) }
      for (index, logits) in zip(part, logits(of: covered)) {
        let fall = whole - target.value(logits[...])
        forEachPixel(at: places[index]) { pixel in
          sums[pixel] += fall
          counts[pixel] += 1
        }
      }
    }
    return AttributionMap(
      height: size, width: size, values: zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 })
  }

  /// Where patches begin along an axis; the last one reaches the edge or beyond.
  static func starts(of patch: Int, stride: Int, over size: Int) -> [Int] {
    let count = (max(0, size - patch) + stride - 1) / stride + 1
    return (0..<count).map { $0 * stride }
  }

  private func cover(_ image: [Float], at place: (y: Int, x: Int)) -> [Float] {
    var image = image
    forEachPixel(at: place) { pixel in
      for channel in 0..<3 { image[pixel * 3 + channel] = 0 }
    }
    return image
  }

  private func forEachPixel(at place: (y: Int, x: Int), _ body: (Int) -> Void) {
    let size = network.inputShape.width
    for y in place.y..<min(place.y + options.patch, size) {
      for x in place.x..<min(place.x + options.patch, size) { body(y * size + x) }
    }
  }
}

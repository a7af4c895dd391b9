internal import Tensors

/// Sums over the pixels of images, red, green and blue; whole numbers, so exact in any order.
struct ChannelSums: Hashable, Sendable {
  /// Pixels that were added.
  private(set) var pixelCount = 0
  /// Of the levels, 0…255 each, and of their squares.
  private(set) var sums = SIMD3<Int>(), squares = SIMD3<Int>()

  init() {}

  /// The sums of one image, three bytes a pixel.
  init(_ pixels: ArraySlice<UInt8>) {
    pixelCount = pixels.count / 3
    (sums, squares) = Kernels.channelSums(pixels)
  }

  /// Red, green and blue, 0…255; zeros for no pixels.
  var means: [Double] { (0..<3).map { Double(sums[$0]) / Double(max(1, pixelCount)) } }

  mutating func add(_ other: ChannelSums) {
    pixelCount += other.pixelCount
    sums &+= other.sums
    squares &+= other.squares
  }
}

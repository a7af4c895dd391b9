internal import Tensors

/// Sums of levels over the pixels of images, per channel; integers, so exact in any order.
struct ChannelSums: Hashable, Sendable {
  /// Pixels added so far.
  private(set) var pixelCount = 0
  /// Sums of the levels, 0…255 each, and of their squares.
  private(set) var sums = SIMD3<Int>(), squares = SIMD3<Int>()

  init() {}

  /// Sums one image, three bytes per pixel.
  init(_ pixels: ArraySlice<UInt8>) {
    pixelCount = pixels.count / 3
    (sums, squares) = Kernels.channelSums(pixels)
  }

  /// Mean red, green and blue, 0…255; zeros for no pixels.
  var means: [Double] { (0..<3).map { Double(sums[$0]) / Double(max(1, pixelCount)) } }

  mutating func add(_ other: ChannelSums) {
    pixelCount += other.pixelCount
    sums &+= other.sums
    squares &+= other.squares
  }
}

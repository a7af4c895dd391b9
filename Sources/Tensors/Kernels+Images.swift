internal import CKernels

/// An affine map from positions in a result to positions in its source image.
///
/// Both are in pixels, with integers at the centers of pixels.
public struct SamplingMap: Equatable, Sendable {
  /// Source column = `xx`·column + `xy`·row + `x`; source row = `yx`·column + `yy`·row + `y`.
  public var xx: Float, xy: Float, x: Float, yx: Float, yy: Float, y: Float

  /// Creates a map; by default the identity.
  public init(
    xx: Float = 1, xy: Float = 0, x: Float = 0, yx: Float = 0, yy: Float = 1, y: Float = 0
  ) {
    (self.xx, self.xy, self.x) = (xx, xy, x)
    (self.yx, self.yy, self.y) = (yx, yy, y)
  }
}

/// An affine map of colors in 0…255, and a normalization: `matrix` × color + `offset`, clamped to
/// 0…255, then for each channel × `scale` + `shift`.
public struct ColorMap: Equatable, Sendable {
  /// Nine coefficients, row by row.
  public var matrix: [Float]
  /// Three values each: red, green, blue.
  public var offset: [Float], scale: [Float], shift: [Float]

  /// Creates a map.
  ///
  /// - Precondition: Nine coefficients, and three times three values.
  public init(matrix: [Float], offset: [Float], scale: [Float], shift: [Float]) {
    precondition(
      matrix.count == 9 && offset.count == 3 && scale.count == 3 && shift.count == 3,
      "a color map of \(matrix.count), \(offset.count), \(scale.count), \(shift.count) values")
    self.matrix = matrix
    self.offset = offset
    self.scale = scale
    self.shift = shift
  }

  fileprivate var kernel: mrb_color {
    let m = matrix
    return mrb_color(
      matrix: (m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]),
      offset: (offset[0], offset[1], offset[2]), scale: (scale[0], scale[1], scale[2]),
      shift: (shift[0], shift[1], shift[2]))
  }
}

// Whole images, three channels per pixel.
extension Kernels {
  /// Samples a square image of bytes bilinearly, reflecting at its edges, and maps its colors.
  ///
  /// - Parameters:
  ///   - bytes: Images one after another, `size` × `size` × 3 each.
  ///   - start: The index of the image's first byte.
  ///   - output: `outputSize` × `outputSize` × 3 elements.
  public static func sampleImage(
    _ bytes: [UInt8], from start: Int, size: Int, _ map: SamplingMap, _ color: ColorMap,
    into output: FloatRegion, outputSize: Int
  ) {
    let count = size * size * 3
    check(output, outputSize * outputSize * 3)
    precondition(start >= 0 && start + count <= bytes.count, "an image of \(size) at \(start)")
    // The kernel reads four bytes per pixel, so one byte must follow the last image.
    guard start + count < bytes.count else {
      let padded = bytes[start..<start + count] + [0]
      sampleImage(
        Array(padded), from: 0, size: size, map, color, into: output,
        outputSize: outputSize)
      return
    }
    let kernelMap = mrb_map(
      xx: map.xx, xy: map.xy, x: map.x, yx: map.yx, yy: map.yy, y: map.y)
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe mrb_sample_image(
        base + start, Int32(size), kernelMap, color.kernel, output.base, Int32(outputSize))
    }
  }

  /// The mean of each channel of a run of pixels, 0…255.
  public static func meanColor(_ bytes: [UInt8], _ range: Range<Int>) -> [Float] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count && range.count % 3 == 0,
      "pixels \(range) of \(bytes.count) bytes")
    var sums = [UInt64](repeating: 0, count: 3)
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        guard let base = bytes.baseAddress, let sums = sums.baseAddress else { return }
        unsafe mrb_sum_pixels(base + range.lowerBound, range.count / 3, sums)
      }
    }
    return sums.map { Float(Double($0) / Double(max(1, range.count / 3))) }
  }

  /// The sums of each channel's levels and of their squares, over a run of pixels.
  public static func channelSums(
    _ bytes: ArraySlice<UInt8>
  ) -> (levels: SIMD3<Int>, squares: SIMD3<Int>) {
    var (levels, squares) = (SIMD3<Int>(), SIMD3<Int>())
    let count = bytes.count / 3
    unsafe bytes.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: count, by: 4096) {
        // Short enough for 32-bit sums.
        var (r, g, b, rr, gg, bb): (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
          0, 0, 0, 0, 0, 0
        )
        for pixel in start..<min(start + 4096, count) {
          let red = unsafe UInt32(bytes[pixel * 3])
          let green = unsafe UInt32(bytes[pixel * 3 + 1])
          let blue = unsafe UInt32(bytes[pixel * 3 + 2])
          (r, g, b) = (r &+ red, g &+ green, b &+ blue)
          (rr, gg, bb) = (rr &+ red &* red, gg &+ green &* green, bb &+ blue &* blue)
        }
        levels &+= SIMD3(Int(r), Int(g), Int(b))
        squares &+= SIMD3(Int(rr), Int(gg), Int(bb))
      }
    }
    return (levels, squares)
  }

  /// Mixes two images in place.
  ///
  /// a becomes `kept`·a + (1 − `kept`)·b, and b becomes `kept`·b + (1 − `kept`)·a.
  public static func mix(_ a: FloatRegion, _ b: FloatRegion, keeping kept: Float) {
    check(b, a.count)
    unsafe mrb_mix(a.base, b.base, a.count, kept)
  }
}

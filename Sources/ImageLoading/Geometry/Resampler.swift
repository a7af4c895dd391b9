/// Antialiased resizing, one axis after the other.
enum Resampler {
  /// Brings a region of `image` to `width`×`height`.
  ///
  /// Pixels just outside the region take part at its edges, as far as the picture has them.
  static func resample(
    _ image: PixelBuffer, _ region: Region, _ width: Int, _ height: Int
  ) -> PixelBuffer {
    let across = ResampleWeights(
      available: image.width, start: region.left, length: region.width, count: width)
    let down = ResampleWeights(
      available: image.height, start: region.top, length: region.height, count: height)
    let rows = down.sourceRange
    let isWidthKept = width == image.width && region.width == image.width
    let narrow = isWidthKept ? image : narrowed(image, rows, across)
    // After narrowing, row 0 is the first row that is needed.
    return lowered(narrow, down, offset: isWidthKept ? 0 : rows.lowerBound)
  }

  /// Resamples the given rows horizontally.
  private static func narrowed(
    _ image: PixelBuffer, _ rows: Range<Int>, _ weights: ResampleWeights
  ) -> PixelBuffer {
    let width = weights.starts.count
    let count = rows.count * width * 3
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe image.bytes.withUnsafeBufferPointer { input in
        unsafe weights.values.withUnsafeBufferPointer { values in
          for x in 0..<width {
            let first = weights.starts[x] * 3
            let taps = weights.counts[x]
            let factors = unsafe UnsafeBufferPointer(
              rebasing: values[(x * weights.stride)..<(x * weights.stride + taps)])
            for y in 0..<rows.count {
              var position = (rows.lowerBound + y) * image.width * 3 + first
              var red = half
              var green = half
              var blue = half
              for tap in 0..<taps {
                let factor = unsafe factors[tap]
                unsafe red &+= Int32(input[position]) &* factor
                unsafe green &+= Int32(input[position + 1]) &* factor
                unsafe blue &+= Int32(input[position + 2]) &* factor
                position += 3
              }
              let target = (y * width + x) * 3
              unsafe output[target] = clipped(red)
              unsafe output[target + 1] = clipped(green)
              unsafe output[target + 2] = clipped(blue)
            }
          }
        }
      }
      initialized = count
    }
    return PixelBuffer(width: width, height: rows.count, bytes: bytes)
  }

  /// Resamples vertically, a whole row at a time.
  private static func lowered(
    _ image: PixelBuffer, _ weights: ResampleWeights, offset: Int
  ) -> PixelBuffer {
    let height = weights.starts.count
    let stride = image.width * 3
    let count = height * stride
    var sums = [Int32](repeating: half, count: stride)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe image.bytes.withUnsafeBufferPointer { input in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<height {
            unsafe sums.update(repeating: half)
            for tap in 0..<weights.counts[y] {
              let factor = weights.values[y * weights.stride + tap]
              let row = (weights.starts[y] - offset + tap) * stride
              for x in 0..<stride {
                unsafe sums[x] &+= Int32(input[row + x]) &* factor
              }
            }
            for x in 0..<stride {
              unsafe output[y * stride + x] = clipped(sums[x])
            }
          }
        }
      }
      initialized = count
    }
    return PixelBuffer(width: image.width, height: height, bytes: bytes)
  }

  /// One half, so that the shift rounds.
  private static let half: Int32 = 1 << (ResampleWeights.precision - 1)

  private static func clipped(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, sum >> ResampleWeights.precision)))
  }
}

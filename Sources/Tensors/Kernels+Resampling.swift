internal import CKernels

/// The source pixels of each result pixel along one axis, and their weights.
public struct AxisWeights: Sendable {
  /// For each result pixel, its first source pixel and their number.
  public var starts: [Int], counts: [Int]
  /// `stride` weights for each result pixel, times 65536 and at most 65535; those that are used
  /// come first, and sum to at most 65536.
  public var values: [UInt16], stride: Int

  /// Creates weights.
  public init(starts: [Int], counts: [Int], values: [UInt16], stride: Int) {
    self.starts = starts
    self.counts = counts
    self.values = values
    self.stride = stride
  }

  /// Whether every source pixel is in `range` and every weight exists.
  fileprivate func fits(_ range: Range<Int>) -> Bool {
    starts.count == counts.count && values.count == starts.count * stride
      && zip(starts, counts).allSatisfy {
        $0 >= range.lowerBound && $1 >= 0 && $1 <= stride && $0 + $1 <= range.upperBound
      }
  }

  @unsafe fileprivate func withKernel(_ body: (mrb_weights) -> Void) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe values.withUnsafeBufferPointer { values in
          let weights = unsafe mrb_weights(
            starts: starts.baseAddress, counts: counts.baseAddress, values: values.baseAddress,
            count: starts.count, stride: stride)
          unsafe body(weights)
        }
      }
    }
  }
}

// Resizing of 8-bit RGB images in fixed point, the same on every machine.
extension Kernels {
  /// Resizes some columns of an image vertically.
  ///
  /// - Returns: `weights.starts.count` × `columns.count` × 3 bytes.
  public static func resizedVertically(
    _ bytes: [UInt8], width: Int, columns: Range<Int>, _ weights: AxisWeights
  ) -> [UInt8] {
    precondition(
      width > 0 && (0..<width).contains(columns) && weights.fits(0..<bytes.count / (width * 3)),
      "columns \(columns) of an image \(width) wide")
    let count = weights.starts.count * columns.count * 3
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe weights.withKernel {
          unsafe mrb_resize_vertically(
            source + columns.lowerBound * 3, width * 3, columns.count * 3, $0, target)
        }
        initialized = count
      }
    }
  }

  /// Resizes every row of an image horizontally.
  ///
  /// - Parameter offset: The column, among those the weights refer to, of the image's first one.
  /// - Returns: As many rows of `weights.starts.count` × 3 bytes.
  public static func resizedHorizontally(
    _ bytes: [UInt8], width: Int, offset: Int, _ weights: AxisWeights
  ) -> [UInt8] {
    precondition(
      width > 0 && bytes.count.isMultiple(of: width * 3)
        && weights.fits(offset..<offset + width),
      "columns from \(offset) of an image \(width) wide")
    let rowCount = bytes.count / (width * 3)
    let count = rowCount * weights.starts.count * 3
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe weights.withKernel {
          unsafe mrb_resize_horizontally(source, width, rowCount, offset, $0, target)
        }
        initialized = count
      }
    }
  }
}

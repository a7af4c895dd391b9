internal import CKernels

/// Which source places make up each result place of one axis, and with what weights.
public struct AxisWeights: Sendable {
  /// For each result place the first source place, and how many count.
  public var starts: [Int], counts: [Int]
  /// `stride` weights for each result place, times 65536 and at most 65535; those that count come
  /// first, and sum up to at most 65536.
  public var values: [UInt16], stride: Int

  /// Creates weights.
  public init(starts: [Int], counts: [Int], values: [UInt16], stride: Int) {
    self.starts = starts
    self.counts = counts
    self.values = values
    self.stride = stride
  }

  /// Whether every place lies in `range` and every weight exists.
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

// Resizing of 8-bit RGB pictures in fixed point, the same on every machine.
extension Kernels {
  /// Resamples some columns of a picture vertically.
  ///
  /// - Returns: `weights.starts.count` × `columns.count` × 3 bytes.
  public static func lowered(
    _ bytes: [UInt8], width: Int, columns: Range<Int>, _ weights: AxisWeights
  ) -> [UInt8] {
    precondition(
      width > 0 && (0..<width).contains(columns) && weights.fits(0..<bytes.count / (width * 3)),
      "columns \(columns) of a picture \(width) wide")
    let count = weights.starts.count * columns.count * 3
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe weights.withKernel {
          unsafe mrb_lower_rows(
            source + columns.lowerBound * 3, width * 3, columns.count * 3, $0, target)
        }
        initialized = count
      }
    }
  }

  /// Resamples every row of a picture.
  ///
  /// - Parameter offset: Which column of those the weights count the picture's first one is.
  /// - Returns: As many rows of `weights.starts.count` × 3 bytes.
  public static func narrowed(
    _ bytes: [UInt8], width: Int, offset: Int, _ weights: AxisWeights
  ) -> [UInt8] {
    precondition(
      width > 0 && bytes.count.isMultiple(of: width * 3)
        && weights.fits(offset..<offset + width),
      "columns from \(offset) of a picture \(width) wide")
    let rowCount = bytes.count / (width * 3)
    let count = rowCount * weights.starts.count * 3
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe weights.withKernel {
          unsafe mrb_narrow_rows(source, width, rowCount, offset, $0, target)
        }
        initialized = count
      }
    }
  }
}

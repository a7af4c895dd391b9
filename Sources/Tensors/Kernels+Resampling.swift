internal import CKernels

/// Which source places make up each result place of one axis, and with what weights.
public struct AxisWeights: Sendable {
  /// For each result place the first source place, and how many count.
  public var starts: [Int], counts: [Int]
  /// `stride` weights for each result place, with 22 fractional bits; those that count come first.
  public var values: [Int32], stride: Int

  /// Creates weights.
  public init(starts: [Int], counts: [Int], values: [Int32], stride: Int) {
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
  /// Resamples some rows of a picture horizontally.
  ///
  /// - Returns: `rows.count` × `weights.starts.count` × 3 bytes.
  public static func narrowed(
    _ bytes: [UInt8], width: Int, rows: Range<Int>, _ weights: AxisWeights
  ) -> [UInt8] {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound * width * 3 <= bytes.count
        && weights.fits(0..<width), "rows \(rows) of a picture \(width) wide")
    let count = rows.count * weights.starts.count * 3
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe weights.withKernel {
          unsafe mrb_narrow_rows(
            source + rows.lowerBound * width * 3, width, rows.count, $0, target)
        }
        initialized = count
      }
    }
  }

  /// Resamples a picture vertically.
  ///
  /// - Parameter offset: Which row of those the weights count the first row of the picture is.
  /// - Returns: `weights.starts.count` rows.
  public static func lowered(
    _ bytes: [UInt8], width: Int, offset: Int, _ weights: AxisWeights
  ) -> [UInt8] {
    let rowBytes = width * 3
    precondition(
      width > 0 && weights.fits(offset..<offset + bytes.count / rowBytes),
      "rows from \(offset) of a picture \(width) wide")
    let count = weights.starts.count * rowBytes
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        unsafe weights.withKernel { unsafe mrb_lower_rows(source, rowBytes, offset, $0, target) }
        initialized = count
      }
    }
  }
}

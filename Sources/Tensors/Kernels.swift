internal import CKernels

/// The one facade over the C kernels: checks sizes, then calls.
///
/// Rows × channels arrays hold one row of channels per pixel. Results overwrite the output unless
/// stated otherwise.
public enum Kernels {
  /// Writes the elements under the window, one row per position, for output rows `rows`.
  public static func imageToColumns(
    _ image: FloatRegion, _ window: Window, rows: Range<Int>, into columns: FloatRegion
  ) {
    check(image, window.input.count)
    check(columns, rows.count * window.outputWidth * window.count)
    unsafe mrb_image_to_columns(
      image.base, window.kernel, rows.lowerBound, rows.count, columns.base)
  }

  /// Adds every element of the columns to the pixel it came from: the adjoint of `imageToColumns`.
  public static func addColumnsToImage(
    _ columns: FloatRegion, _ window: Window, rows: Range<Int>, into image: FloatRegion
  ) {
    check(image, window.input.count)
    check(columns, rows.count * window.outputWidth * window.count)
    unsafe mrb_add_columns_to_image(
      columns.base, window.kernel, rows.lowerBound, rows.count, image.base)
  }

  /// Pixels of the largest window of which a byte says where the maximum was.
  public static let largestIndexedWindow = 256

  /// The largest element under the window, per channel.
  ///
  /// - Parameter argMax: Where to write a byte for each maximum that says which pixel of the window
  ///   it was, for a backward pass; at most `largestIndexedWindow` pixels can be told apart.
  public static func maxPool(
    _ input: FloatRegion, _ window: Window, into output: FloatRegion, argMax: ByteRegion? = nil
  ) {
    check(input, window.input.count)
    check(output, window.positionCount * window.input.channels)
    if let argMax { check(argMax, output.count, window) }
    unsafe mrb_max_pool(input.base, window.kernel, output.base, argMax?.base)
  }

  /// Sends each gradient to the pixel that was the maximum.
  public static func maxPoolBackward(
    argMax: ByteRegion, gradient: FloatRegion, _ window: Window, into inputGradient: FloatRegion
  ) {
    check(inputGradient, window.input.count)
    check(gradient, window.positionCount * window.input.channels)
    check(argMax, gradient.count, window)
    unsafe mrb_max_pool_backward_indexed(
      argMax.base, gradient.base, window.kernel, inputGradient.base)
  }

  private static func check(_ argMax: ByteRegion, _ count: Int, _ window: Window) {
    precondition(
      argMax.count >= count && window.height * window.width <= largestIndexedWindow,
      "\(argMax.count) bytes for \(count) maxima of \(window.height)×\(window.width) pixels")
  }

  /// Sends each gradient to the first pixel of its window that was the maximum.
  public static func maxPoolBackward(
    _ input: FloatRegion, output: FloatRegion, gradient: FloatRegion, _ window: Window,
    into inputGradient: FloatRegion
  ) {
    check(input, window.input.count)
    check(inputGradient, window.input.count)
    check(output, window.positionCount * window.input.channels)
    check(gradient, output.count)
    unsafe mrb_max_pool_backward(
      input.base, output.base, gradient.base, window.kernel, inputGradient.base)
  }

  /// The mean of the elements under the window, per channel.
  public static func averagePool(_ input: FloatRegion, _ window: Window, into output: FloatRegion) {
    check(input, window.input.count)
    check(output, window.positionCount * window.input.channels)
    unsafe mrb_average_pool(input.base, window.kernel, output.base)
  }

  /// Shares each gradient equally among the pixels of its window.
  public static func averagePoolBackward(
    _ gradient: FloatRegion, _ window: Window, into inputGradient: FloatRegion
  ) {
    check(inputGradient, window.input.count)
    check(gradient, window.positionCount * window.input.channels)
    unsafe mrb_average_pool_backward(gradient.base, window.kernel, inputGradient.base)
  }

  /// max(0, x).
  public static func rectify(_ input: FloatRegion, into output: FloatRegion) {
    check(output, input.count)
    unsafe mrb_rectify(input.base, input.count, output.base)
  }

  /// Passes the gradient where the output was positive.
  public static func rectifyBackward(
    output: FloatRegion, gradient: FloatRegion, into inputGradient: FloatRegion
  ) {
    check(gradient, output.count)
    check(inputGradient, output.count)
    unsafe mrb_rectify_backward(output.base, gradient.base, output.count, inputGradient.base)
  }

  /// Keeps each element with probability `keep`, scaled by 1/keep, by a hash of (seed, index).
  public static func dropout(
    _ input: FloatRegion, keep: Float, seed: UInt64, into output: FloatRegion
  ) {
    check(output, input.count)
    unsafe mrb_dropout(input.base, input.count, keep, seed, output.base)
  }

  /// Adds one array to another.
  public static func add(_ addend: FloatRegion, to sum: FloatRegion) {
    check(addend, sum.count)
    unsafe mrb_add(addend.base, addend.count, sum.base)
  }

  /// a + b.
  public static func add(_ a: FloatRegion, _ b: FloatRegion, into sum: FloatRegion) {
    check(a, sum.count)
    check(b, sum.count)
    unsafe mrb_sum(a.base, b.base, sum.count, sum.base)
  }

  /// Writes a rows × columns array as columns × rows.
  public static func transpose(
    _ input: FloatRegion, rows: Int, columns: Int, into output: FloatRegion
  ) {
    check(input, rows * columns)
    check(output, input.count)
    unsafe mrb_transpose(input.base, rows, columns, output.base)
  }

  /// Σx², summed in double precision.
  public static func sumOfSquares(_ values: [Float]) -> Double {
    sumOfSquares(values, in: values.indices)
  }

  /// Σx² over a range of the values, summed in double precision.
  ///
  /// - Precondition: The values have that range.
  public static func sumOfSquares(_ values: [Float], in range: Range<Int>) -> Double {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= values.count,
      "\(range) of \(values.count) floats")
    return unsafe values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe mrb_sum_of_squares(base + range.lowerBound, range.count)
    }
  }

  /// Σ(a − b)² over a range of both, summed in double precision.
  ///
  /// - Precondition: Both have that range.
  public static func squaredDistance(
    _ a: [Float], _ b: [Float], in range: Range<Int>
  ) -> Double {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= min(a.count, b.count),
      "\(range) of \(a.count) and \(b.count) floats")
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return unsafe mrb_squared_distance(
          first + range.lowerBound, second + range.lowerBound, range.count)
      }
    }
  }

  static func check(_ region: FloatRegion, _ count: Int, _ line: UInt = #line) {
    precondition(
      region.count == count, "a kernel needs \(count) floats, not \(region.count) (line \(line))")
  }
}

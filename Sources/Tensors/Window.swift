internal import CKernels

/// Zeros around an image.
public enum Padding: Hashable, Sendable, CustomStringConvertible {
  /// As many as give ⌈image / stride⌉ positions along each axis; an odd one goes to the far side.
  case same
  /// This many on every side.
  case zeros(Int)

  public var description: String {
    switch self {
    case .same: "same"
    case .zeros(let count): count == 0 ? "valid" : "\(count)"
    }
  }

  /// The zeros before the image and the positions along one axis; nil when the window does not fit.
  fileprivate func along(_ image: Int, window: Int, stride: Int) -> (before: Int, positions: Int)? {
    switch self {
    case .same:
      let positions = (image + stride - 1) / stride
      return (max(0, (positions - 1) * stride + window - image) / 2, positions)
    case .zeros(let count):
      guard count >= 0, image + 2 * count >= window else { return nil }
      return (count, (image + 2 * count - window) / stride + 1)
    }
  }
}

/// A window that slides over an image: the geometry of a convolution or a pooling.
public struct Window: Hashable, Sendable {
  /// What the window slides over; its batch is ignored.
  public let input: Shape
  /// Rows and columns of the window, pixels.
  public let height: Int, width: Int
  /// Step between two positions, pixels, the same along both axes.
  public let stride: Int
  /// Zeros above and to the left of the image, pixels; what is missing below and to the right is
  /// zero as well.
  public let top: Int, left: Int
  /// Positions of the window along a column and along a row; with zeros all around
  /// ⌊(image + 2·padding − window) / stride⌋ + 1.
  public let outputHeight: Int, outputWidth: Int

  /// Creates a window; nil when it does not fit into the padded image or the stride is not
  /// positive.
  public init?(
    over input: Shape, height: Int, width: Int, stride: Int, padding: Padding = .zeros(0)
  ) {
    guard
      height > 0, width > 0, stride > 0, input.pixelCount > 0,
      let rows = padding.along(input.height, window: height, stride: stride),
      let columns = padding.along(input.width, window: width, stride: stride)
    else { return nil }
    self.input = input.batch(1)
    self.height = height
    self.width = width
    self.stride = stride
    (top, outputHeight) = rows
    (left, outputWidth) = columns
  }

  /// The rotated window: it slides over the positions of another of stride one, and yields its
  /// image.
  ///
  /// Nil for other strides, and where padding is wider than the window reaches.
  init?(rotated window: Window, channels: Int) {
    guard window.stride == 1, window.top < window.height, window.left < window.width else {
      return nil
    }
    input = window.output(channels: channels)
    (height, width, stride) = (window.height, window.width, 1)
    (top, left) = (height - 1 - window.top, width - 1 - window.left)
    (outputHeight, outputWidth) = (window.input.height, window.input.width)
  }

  /// All positions of the window.
  public var positionCount: Int { outputHeight * outputWidth }
  /// Elements under the window.
  public var count: Int { height * width * input.channels }
  /// The shape of one element per channel and position.
  public func output(channels: Int) -> Shape {
    Shape(height: outputHeight, width: outputWidth, channels: channels)
  }

  var kernel: mrb_window {
    mrb_window(
      height: input.height, width: input.width, channels: input.channels, window_height: height,
      window_width: width, stride: stride, top: top, left: left, output_height: outputHeight,
      output_width: outputWidth)
  }
}

internal import CKernels

/// A window that slides over an image: the geometry of a convolution or a pooling.
public struct Window: Hashable, Sendable {
  /// What the window slides over; its batch is ignored.
  public let input: Shape
  /// Rows and columns of the window, pixels.
  public let height: Int, width: Int
  /// Step between two positions and zeros around the image, pixels, the same along both axes.
  public let stride: Int, padding: Int

  /// Creates a window; nil when it does not fit into the padded image or the stride is not positive.
  public init?(over input: Shape, height: Int, width: Int, stride: Int, padding: Int = 0) {
    guard
      height > 0, width > 0, stride > 0, padding >= 0,
      input.height + 2 * padding >= height, input.width + 2 * padding >= width
    else { return nil }
    self.input = input.batch(1)
    self.height = height
    self.width = width
    self.stride = stride
    self.padding = padding
  }

  /// Positions of the window: ⌊(image + 2·padding − window) / stride⌋ + 1 along each axis.
  public var outputHeight: Int { (input.height + 2 * padding - height) / stride + 1 }
  /// Positions along a row.
  public var outputWidth: Int { (input.width + 2 * padding - width) / stride + 1 }
  /// All positions of the window.
  public var positionCount: Int { outputHeight * outputWidth }
  /// Numbers under the window.
  public var count: Int { height * width * input.channels }

  var kernel: mrb_window {
    mrb_window(
      height: input.height, width: input.width, channels: input.channels, window_height: height,
      window_width: width, stride: stride, padding: padding, output_height: outputHeight,
      output_width: outputWidth)
  }
}

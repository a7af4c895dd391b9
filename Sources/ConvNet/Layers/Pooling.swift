public import Tensors

/// Keeps one number per channel of each window: the largest, or the mean.
///
/// As PyTorch's `MaxPool2d` and `AvgPool2d`: padding is never the largest but counts as zeros in a
/// mean. Without a size one window spans the whole image.
public struct Pooling: Layer {
  /// What is kept of the numbers under the window.
  public enum Reduction: Hashable, Sendable { case maximum, mean }

  /// What is kept of the numbers under the window.
  public let reduction: Reduction
  /// Rows and columns of the window, pixels; nil for those of the image.
  public let height: Int?, width: Int?
  /// Step between two windows, pixels.
  public let stride: Int
  /// Pixels around the image, at most half a window.
  public let padding: Padding

  /// Creates the layer; by default windows touch but do not overlap.
  public init(
    _ reduction: Reduction, height: Int?, width: Int? = nil, stride: Int? = nil,
    padding: Padding = .zeros(0)
  ) {
    self.reduction = reduction
    self.height = height
    self.width = width ?? height
    self.stride = stride ?? height ?? 1
    self.padding = padding
  }

  /// Whether it keeps the largest of each 2 × 2 pixels.
  var isSquareMaximum: Bool {
    reduction == .maximum && height == 2 && width == 2 && stride == 2 && padding == .zeros(0)
  }

  public var token: String {
    guard let height, let width else {
      return reduction == .maximum ? "global-max-pool" : "global-pool"
    }
    return (reduction == .maximum ? "pool" : "average-pool")
      + (height == width ? " \(height)" : " \(height)x\(width)")
      + (stride == height ? "" : " stride \(stride)")
      + (padding == .zeros(0) ? "" : " padding \(padding)")
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else { throw .doesNotFit(layer: token, input: input) }
    return window.output(channels: input.channels)
  }

  public func forward(_ pass: ForwardPass) {
    guard let window = window(over: pass.inputShape) else { return }
    pass.forEachImage { input, output in
      switch reduction {
      case .maximum: Kernels.maxPool(input, window, into: output)
      case .mean: Kernels.averagePool(input, window, into: output)
      }
    }
  }

  /// The gradient flows to the pixel that was the largest, or in equal shares to all pixels.
  public func backward(_ pass: BackwardPass) {
    guard let window = window(over: pass.forward.inputShape) else { return }
    pass.forEachImage { input, output, outputGradient, inputGradient in
      switch reduction {
      case .maximum:
        Kernels.maxPoolBackward(
          input, output: output, gradient: outputGradient, window, into: inputGradient)
      case .mean: Kernels.averagePoolBackward(outputGradient, window, into: inputGradient)
      }
    }
  }

  private func window(over input: Shape) -> Window? {
    Window(
      over: input, height: height ?? input.height, width: width ?? input.width, stride: stride,
      padding: padding)
  }
}

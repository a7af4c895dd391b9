public import Tensors

/// Keeps one number per channel of each window: the largest, or the mean.
///
/// Windows touch but do not overlap, or one window spans the whole image.
public struct Pooling: Layer {
  /// What is kept of the numbers under the window.
  public enum Reduction: Hashable, Sendable { case maximum, mean }

  /// What is kept of the numbers under the window.
  public let reduction: Reduction
  /// Rows and columns of the window and the step between two, pixels; nil for the whole image.
  public let size: Int?

  /// Creates the layer.
  public init(_ reduction: Reduction, size: Int?) {
    self.reduction = reduction
    self.size = size
  }

  public var token: String {
    switch (reduction, size) {
    case (.maximum, let size?): "pool \(size)"
    case (.mean, let size?): "average-pool \(size)"
    case (.maximum, nil): "global-max-pool"
    case (.mean, nil): "global-pool"
    }
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
    let (height, width) = size.map { ($0, $0) } ?? (input.height, input.width)
    return Window(over: input, height: height, width: width, stride: size ?? 1)
  }
}

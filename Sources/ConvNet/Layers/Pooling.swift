public import Tensors

/// Keeps the largest number of each window, per channel; the windows touch but do not overlap.
public struct MaxPooling: Layer {
  /// Rows and columns of the window and the step between two, pixels.
  public let size: Int

  /// Creates the layer.
  public init(size: Int = 2) { self.size = size }

  public var token: String { "maxpool\(size)" }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    try pooledShape(input, size: size, layer: token)
  }

  public func forward(_ pass: ForwardPass) {
    guard let window = touchingWindow(over: pass.inputShape, size: size) else { return }
    pass.forEachImage { Kernels.maxPool($0, window, into: $1) }
  }

  /// The gradient flows to the pixel that was the maximum.
  public func backward(_ pass: BackwardPass) {
    guard let window = touchingWindow(over: pass.forward.inputShape, size: size) else { return }
    pass.forEachImage { input, output, outputGradient, inputGradient in
      Kernels.maxPoolBackward(
        input, output: output, gradient: outputGradient, window, into: inputGradient)
    }
  }
}

/// Takes the mean of each window, per channel; the windows touch but do not overlap.
public struct AveragePooling: Layer {
  /// Rows and columns of the window and the step between two, pixels.
  public let size: Int

  /// Creates the layer.
  public init(size: Int = 2) { self.size = size }

  public var token: String { "avgpool\(size)" }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    try pooledShape(input, size: size, layer: token)
  }

  public func forward(_ pass: ForwardPass) {
    guard let window = touchingWindow(over: pass.inputShape, size: size) else { return }
    pass.forEachImage { Kernels.averagePool($0, window, into: $1) }
  }

  /// Every pixel of a window gets an equal share of the gradient.
  public func backward(_ pass: BackwardPass) {
    guard let window = touchingWindow(over: pass.forward.inputShape, size: size) else { return }
    pass.forEachImage { _, _, outputGradient, inputGradient in
      Kernels.averagePoolBackward(outputGradient, window, into: inputGradient)
    }
  }
}

/// Takes the mean of each channel over the whole image.
public struct GlobalAveragePooling: Layer {
  /// Creates the layer.
  public init() {}

  public var token: String { "globalpool" }

  public func outputShape(for input: Shape) -> Shape {
    Shape(height: 1, width: 1, channels: input.channels)
  }

  public func forward(_ pass: ForwardPass) {
    guard let window = window(over: pass.inputShape) else { return }
    pass.forEachImage { Kernels.averagePool($0, window, into: $1) }
  }

  /// Every pixel gets an equal share of the gradient.
  public func backward(_ pass: BackwardPass) {
    guard let window = window(over: pass.forward.inputShape) else { return }
    pass.forEachImage { _, _, outputGradient, inputGradient in
      Kernels.averagePoolBackward(outputGradient, window, into: inputGradient)
    }
  }

  private func window(over input: Shape) -> Window? {
    Window(over: input, height: input.height, width: input.width, stride: 1)
  }
}

private func touchingWindow(over input: Shape, size: Int) -> Window? {
  Window(over: input, height: size, width: size, stride: size)
}

private func pooledShape(
  _ input: Shape, size: Int, layer: String
) throws(ArchitectureError) -> Shape {
  guard let window = touchingWindow(over: input, size: size) else {
    throw .doesNotFit(layer: layer, input: input)
  }
  return Shape(
    height: window.outputHeight, width: window.outputWidth, channels: input.channels)
}

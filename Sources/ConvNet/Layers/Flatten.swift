public import Tensors

/// Turns feature maps into one vector, channel by channel.
///
/// In memory channels come last; a vector in that order would give a following dense layer weights
/// in another order than PyTorch's. So the numbers are brought into channels-first order here.
public struct Flatten: Layer {
  /// Creates the layer.
  public init() {}

  public var token: String { "flatten" }

  public func outputShape(for input: Shape) -> Shape {
    Shape(height: 1, width: 1, channels: input.imageCount)
  }

  public func forward(_ pass: ForwardPass) {
    let shape = pass.inputShape
    pass.forEachImage {
      Kernels.transpose($0, rows: shape.pixelCount, columns: shape.channels, into: $1)
    }
  }

  /// The order is turned back.
  public func backward(_ pass: BackwardPass) {
    let shape = pass.forward.inputShape
    pass.forEachImage { _, _, outputGradient, inputGradient in
      Kernels.transpose(
        outputGradient, rows: shape.channels, columns: shape.pixelCount, into: inputGradient)
    }
  }
}

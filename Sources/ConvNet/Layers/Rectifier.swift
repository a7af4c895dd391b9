public import Tensors

/// max(0, x): lets positive numbers pass.
public struct Rectifier: Layer {
  /// Creates the layer.
  public init() {}

  public var token: String { "relu" }

  public func outputShape(for input: Shape) -> Shape { input }

  public func forward(_ pass: ForwardPass) {
    pass.forEachImage { Kernels.rectify($0, into: $1) }
  }

  /// The gradient passes where the output was positive.
  public func backward(_ pass: BackwardPass) {
    pass.forEachImage { _, output, outputGradient, inputGradient in
      Kernels.rectifyBackward(output: output, gradient: outputGradient, into: inputGradient)
    }
  }
}

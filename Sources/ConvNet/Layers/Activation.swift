public import Tensors

/// A nonlinear function of every number by itself, other than the rectifier.
///
/// - Source: GELU: Hendrycks & Gimpel, 2016, arXiv:1606.08415; SiLU: Elfwing et al., 2017,
///   arXiv:1702.03118; leaky rectifier: Maas et al., 2013.
public struct Activation: Layer {
  /// The function.
  public let function: Kernels.Activation

  /// The slope of a leaky rectifier below zero when none is given, as in PyTorch.
  static let usualSlope: Float = 0.01

  /// Creates the layer.
  public init(_ function: Kernels.Activation) { self.function = function }

  public var token: String {
    switch function {
    case .leakyRectifier(let slope):
      slope == Self.usualSlope ? "leaky-relu" : "leaky-relu \(slope)"
    case .gelu: "gelu"
    case .geluByTanh: "gelu tanh"
    case .silu: "silu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    }
  }

  public func outputShape(for input: Shape) -> Shape { input }

  public func forward(_ pass: ForwardPass) {
    pass.forEachImage { Kernels.activate(function, $0, into: $1) }
  }

  public func backward(_ pass: BackwardPass) {
    pass.forEachImage { input, output, outputGradient, inputGradient in
      Kernels.activateBackward(
        function, input, output: output, gradient: outputGradient, into: inputGradient)
    }
  }
}

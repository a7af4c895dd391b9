public import Tensors

/// An elementwise nonlinear function other than the rectifier.
///
/// - Source: GELU: Hendrycks & Gimpel, 2016, arXiv:1606.08415; SiLU: Elfwing et al., 2017,
///   arXiv:1702.03118; leaky rectifier: Maas et al., 2013.
public struct Activation: Layer {
  /// The function.
  public let function: Kernels.Activation

  /// Creates the layer.
  public init(_ function: Kernels.Activation) { self.function = function }

  public var text: String {
    switch function {
    case .leakyRectifier(let slope): LayerEntry.leakyRectifier.text(["slope": .number(slope)])
    case .gelu: LayerEntry.gelu.text()
    case .geluByTanh: LayerEntry.gelu.text(["tanh": .flag(true)])
    case .silu: LayerEntry.silu.text()
    case .sigmoid: LayerEntry.sigmoid.text()
    case .tanh: LayerEntry.tanh.text()
    }
  }

  public func outputShape(for input: Shape) -> Shape { input }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    ActivationOperation(function: function, description: text)
  }
}

private struct ActivationOperation: TrainingOperation {
  let function: Kernels.Activation
  let description: String
  let dividesBatch = true

  var backwardReads: BackwardReads {
    switch function {
    case .leakyRectifier, .gelu, .geluByTanh, .silu: .input
    case .sigmoid, .tanh: .output
    }
  }

  func forward(_ pass: ForwardPass) {
    pass.forEachImage { Kernels.activate(function, $0, into: $1) }
  }

  func backward(_ pass: BackwardPass) {
    pass.forEachImage { input, output, outputGradient, inputGradient in
      Kernels.activateBackward(
        function, input, output: output, gradient: outputGradient, into: inputGradient)
    }
  }
}

extension LayerEntry {
  static let leakyRectifier = LayerEntry(
    "leaky-relu", "x above zero, slope · x below",
    parameters: [
      .first(
        "slope", .number(NumberRange(from: 0, to: 1, without: 1)), default: .number(0.01),
        "slope below zero")
    ], counterpart: "LeakyReLU"
  ) { values in Activation(.leakyRectifier(slope: values.number("slope"))) }

  static let gelu = LayerEntry(
    "gelu", "x · Φ(x) with the normal distribution Φ",
    parameters: [.flag("tanh", "the approximation by a hyperbolic tangent")], counterpart: "GELU"
  ) { values in Activation(values.flag("tanh") ? .geluByTanh : .gelu) }

  static let silu = LayerEntry("silu", "x · σ(x) with σ(x) = 1/(1 + e⁻ˣ)", counterpart: "SiLU") {
    _ in Activation(.silu)
  }

  static let sigmoid = LayerEntry("sigmoid", "1/(1 + e⁻ˣ)", counterpart: "Sigmoid") { _ in
    Activation(.sigmoid)
  }

  static let tanh = LayerEntry("tanh", "the hyperbolic tangent", counterpart: "Tanh") { _ in
    Activation(.tanh)
  }
}

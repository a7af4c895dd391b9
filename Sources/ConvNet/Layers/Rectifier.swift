public import Tensors

/// max(0, x): lets positive values pass.
public struct Rectifier: Layer {
  /// Creates the layer.
  public init() {}

  public var text: String { LayerEntry.rectifier.text() }

  public func outputShape(for input: Shape) -> Shape { input }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    RectifierOperation(description: text)
  }
}

private struct RectifierOperation: TrainingOperation {
  let description: String
  let dividesBatch = true
  let backwardReads = BackwardReads.output

  func forward(_ pass: ForwardPass) {
    pass.forEachImage { Kernels.rectify($0, into: $1) }
  }

  /// The gradient passes where the output was positive.
  func backward(_ pass: BackwardPass) {
    pass.forEachImage { _, output, outputGradient, inputGradient in
      Kernels.rectifyBackward(output: output, gradient: outputGradient, into: inputGradient)
    }
  }
}

extension LayerEntry {
  static let rectifier = LayerEntry("relu", "max(0, x)", counterpart: "ReLU") { _ in Rectifier() }
}

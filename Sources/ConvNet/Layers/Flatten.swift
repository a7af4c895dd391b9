public import Tensors

/// Turns feature maps into one vector, channel by channel.
///
/// In memory channels come last; in that order, the weights of a following dense layer would have
/// another order than PyTorch's. So the values are brought into channels-first order here.
public struct Flatten: Layer {
  /// Creates the layer.
  public init() {}

  public var text: String { LayerEntry.flatten.text() }

  public func outputShape(for input: Shape) -> Shape {
    Shape(height: 1, width: 1, channels: input.imageCount)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    FlattenOperation(description: text)
  }
}

private struct FlattenOperation: TrainingOperation {
  let description: String
  let dividesBatch = true
  let backwardReads: BackwardReads = []

  func forward(_ pass: ForwardPass) {
    let shape = pass.inputShape
    pass.forEachImage {
      Kernels.transpose($0, rows: shape.pixelCount, columns: shape.channels, into: $1)
    }
  }

  /// Restores the order in memory.
  func backward(_ pass: BackwardPass) {
    let shape = pass.forward.inputShape
    pass.forEachImage { _, _, outputGradient, inputGradient in
      Kernels.transpose(
        outputGradient, rows: shape.channels, columns: shape.pixelCount, into: inputGradient)
    }
  }
}

extension LayerEntry {
  static let flatten = LayerEntry(
    "flatten", "a map becomes a vector, channel by channel", counterpart: "Flatten"
  ) { _ in Flatten() }
}

public import Tensors

/// Shifts and scales every channel to mean 0 and variance 1 over the batch, then by learned values.
///
/// x̂ = (x − mean)/√(variance + ε); y = γx̂ + β. Training uses the statistics of the batch (over
/// all images and pixels) and updates running ones: running ← (1 − momentum)·running +
/// momentum·batch, with the unbiased variance; inference uses the running ones. The same as
/// PyTorch's `BatchNorm2d`. Statistics that are measured anew are plain means over the batches.
///
/// - Source: Ioffe & Szegedy, 2015, arXiv:1502.03167.
public struct BatchNormalization: Layer {
  /// Added to the variance.
  public let epsilon: Float
  /// The weight of a batch in the running statistics.
  public let momentum: Float

  /// Creates the layer.
  public init(momentum: Float = 0.1, epsilon: Float = 1e-5) {
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public var text: String {
    LayerEntry.batchNormalization.text([
      "momentum": .number(momentum), "epsilon": .number(epsilon),
    ])
  }

  public func outputShape(for input: Shape) -> Shape { input }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    ["weight", "bias"].map { ParameterSlot(name: $0, shape: [input.channels]) }
  }

  public func statistics(for input: Shape) -> [ParameterSlot] {
    ["running_mean", "running_var"].map { ParameterSlot(name: $0, shape: [input.channels]) }
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    let isScale = slot.name == "weight" || slot.name == "running_var"
    return [Float](repeating: isScale ? 1 : 0, count: slot.count)
  }

  public func compile(_ context: CompileContext) -> any ForwardOperation {
    InferenceNormalization(self, context)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    NormalizationOperation(self, context)
  }
}

extension LayerEntry {
  static let batchNormalization = LayerEntry(
    "batchnorm", "each channel to mean 0 and variance 1; learned scale and shift",
    parameters: [
      .named(
        "momentum", .number(NumberRange(from: 0, to: 1, without: 0)), default: .number(0.1),
        "weight of a batch in the running statistics"),
      .named(
        "epsilon", .number(NumberRange(from: 0, to: 1, without: 0, 1)), default: .number(1e-5),
        "added to the variance"),
    ], learns: true, counterpart: "BatchNorm2d"
  ) { values in
    BatchNormalization(momentum: values.number("momentum"), epsilon: values.number("epsilon"))
  }
}

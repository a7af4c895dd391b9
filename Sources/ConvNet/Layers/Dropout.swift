public import Tensors

/// Sets values to zero with some probability while training and scales the others up to match.
///
/// Inference passes everything unchanged. Which values are dropped is a function of the step's seed
/// and their place, so that the backward pass finds the same ones without saving them.
///
/// - Source: Srivastava et al., 2014, "Dropout: a simple way to prevent neural networks from
///   overfitting".
public struct Dropout: Layer {
  /// The probability that a value is dropped, in `0..<1`.
  public let rate: Float

  /// Creates the layer.
  ///
  /// - Precondition: The rate is in `0..<1`.
  public init(rate: Float = 0.5) {
    precondition((0..<1).contains(rate), "a dropout rate of \(rate)")
    self.rate = rate
  }

  public var text: String { LayerEntry.dropout.text(["rate": .number(rate)]) }

  public func outputShape(for input: Shape) -> Shape { input }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    DropoutOperation(rate: rate, place: UInt64(context.place), description: text)
  }
}

private struct DropoutOperation: TrainingOperation {
  let rate: Float
  /// Distinguishes the layers of one network.
  let place: UInt64
  let description: String
  let dividesBatch = true
  let backwardReads: BackwardReads = []

  func forward(_ pass: ForwardPass) {
    drop(pass.input, into: pass.output, pass)
  }

  /// The gradient passes where the value did, with the same scale.
  func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    drop(pass.outputGradient, into: inputGradient, pass.forward)
  }

  private func drop(_ source: FloatRegion, into target: FloatRegion, _ pass: ForwardPass) {
    let size = pass.inputShape.imageCount
    let first = pass.batch.images.lowerBound
    pass.workers.run(pass.inputShape.batch) { image in
      let range = image * size..<(image + 1) * size
      // Keeping everything is a plain copy.
      var (keep, seed): (Float, UInt64) = (1, 0)
      if case .training(let step) = pass.phase {
        var generator = SeededGenerator(seed: step, stream: place, UInt64(first + image))
        (keep, seed) = (1 - rate, generator.next())
      }
      Kernels.dropout(source[range], keep: keep, seed: seed, into: target[range])
    }
  }
}

extension LayerEntry {
  static let dropout = LayerEntry(
    "dropout", "drops values at random while training",
    parameters: [
      .first("rate", .number(NumberRange(from: 0, to: 1, without: 1)), "probability of a drop")
    ], counterpart: "Dropout"
  ) { values in Dropout(rate: values.number("rate")) }
}

public import Tensors

/// Sets numbers to zero with some probability while training and scales the others up to match.
///
/// Inference passes everything unchanged. Which numbers fall is a function of the step's seed and
/// their place, so that the backward pass finds the same ones without keeping them.
///
/// - Source: Srivastava et al., 2014, "Dropout: a simple way to prevent neural networks from
///   overfitting".
public struct Dropout: Layer {
  /// The probability of falling, in `0..<1`.
  public let rate: Float
  /// Tells layers of one network apart.
  private let place: UInt64

  /// Creates the layer; `place` is its position in the network.
  public init(rate: Float, place: Int = 0) {
    self.rate = rate
    self.place = UInt64(place)
  }

  public var token: String { "dropout \(rate)" }

  public func outputShape(for input: Shape) -> Shape { input }

  public func forward(_ pass: ForwardPass) {
    drop(pass.input, into: pass.output, pass)
  }

  /// The gradient passes where the number did, scaled alike.
  public func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    drop(pass.outputGradient, into: inputGradient, pass.forward)
  }

  private func drop(_ source: FloatRegion, into target: FloatRegion, _ pass: ForwardPass) {
    let size = pass.inputShape.imageCount
    pass.workers.run(pass.inputShape.batch) { image in
      let range = image * size..<(image + 1) * size
      // Keeping everything is a plain copy.
      var (keep, seed): (Float, UInt64) = (1, 0)
      if case .training(let step) = pass.phase {
        var generator = SeededGenerator(seed: step, stream: place, UInt64(image))
        (keep, seed) = (1 - rate, generator.next())
      }
      Kernels.dropout(source[range], keep: keep, seed: seed, into: target[range])
    }
  }
}

internal import Tensors

/// A convolution and the layers after it that keep the largest of each 2 × 2 pixels and rectify.
///
/// The whole map is never stored: squares are reduced while their pixels are in registers, and a
/// byte for each says which pixel was the largest, or that it fell to the rectifier. The rectifier
/// may stand on either side of the pooling; both orders give the same numbers and gradients.
struct PooledConvolution: Layer {
  let convolution: Convolution
  let rectifies: Bool

  /// Nil where the convolution is computed in a way that stores the whole map.
  init?(_ convolution: Convolution, rectifies: Bool, on input: Shape) {
    guard let path = convolution.path(on: input.batch(1)), path.canPool else { return nil }
    self.convolution = convolution
    self.rectifies = rectifies
  }

  var token: String { convolution.token + (rectifies ? ", relu" : "") + ", pool 2" }

  func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    let whole = try convolution.outputShape(for: input)
    return Shape(height: whole.height / 2, width: whole.width / 2, channels: whole.channels)
  }

  func parameters(for input: Shape) -> [ParameterSlot] { convolution.parameters(for: input) }

  /// A byte for each output.
  func keptCount(for input: Shape) -> Int {
    (try? outputShape(for: input)).map {
      FeatureMap.choiceCount($0.batch(input.batch).count)
    } ?? 0
  }

  func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    convolution.scratchCount(for: input, batch: batch, workers: workers)
  }

  func forward(_ pass: ForwardPass) {
    convolution.path(on: pass.inputShape)?.forward(
      pass,
      Epilogue(
        bias: convolution.usesBias ? pass.parameters[1] : nil,
        rectifies: rectifies, pooling: .beforeScaling, into: pass.output, chosen: pass.kept))
  }

  func backward(_ pass: BackwardPass) {
    convolution.backward(pass, FeatureMap(pass.outputGradient, chosen: pass.forward.kept))
  }
}

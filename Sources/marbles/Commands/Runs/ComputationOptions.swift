import ArgumentParser
import ConvNet
import Tensors
import Training

/// How networks are computed.
struct ComputationOptions: ParsableArguments {
  @Option(
    help:
      "How convolutions are computed; results differ by rounding, im2col is the reference.")
  var convolution: ConvolutionAlgorithm = .automatic

  @Option(
    help: ArgumentHelp(
      "What products multiply: float32, or bfloat16 (two digits), faster if the processor has it; "
        + "layers of fewer than 16 channels keep float32."))
  var precision: Precision = .float32

  func validate() throws {
    guard convolution != .im2col || precision == .float32 else {
      throw ValidationError(
        "--convolution im2col multiplies float32; leave out --precision \(precision.rawValue)")
    }
  }
}

/// How a trained network is computed.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help:
      "What products multiply, float32 or bfloat16 (default: what they did when it was trained).")
  var precision: Precision?

  /// What products of a checkpoint multiply.
  func of(_ model: Checkpoint, quiet: Bool) throws -> Precision {
    let precision = precision ?? model.description.productPrecision
    precision.note(try model.description.makeNetwork(), quiet: quiet)
    return precision
  }
}

extension Precision {
  /// Says so where a network has no such products, or takes longer than with float32.
  func note(_ network: Network, _ convolution: ConvolutionAlgorithm = .automatic, quiet: Bool) {
    guard !quiet else { return }
    if !network.multiplies(self, convolution: convolution) {
      Console.note(
        "note: no layer of this network multiplies \(rawValue), which takes 16 channels or more on "
          + "both sides")
    } else if !isNative {
      Console.note(
        "note: this processor has no products of \(rawValue): the results are the same, but "
          + "float32 is faster")
    }
  }
}

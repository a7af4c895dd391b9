internal import Tensors

/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Codable, Sendable {
  /// The fastest that fits each layer; neighboring layers may run as one.
  case automatic
  /// The values under the kernel as rows of a matrix, then one matrix product: the reference. Every
  /// layer runs by itself.
  case im2col
  /// Products of the image's own rows, without a matrix of columns; im2col where the gradient of
  /// the input of a larger stride is needed.
  case indirect
  /// Winograd's F(4×4, 3×3) for kernels of 3×3 and stride 1; im2col for others.
  case winograd
}

/// How one convolution is computed on one shape.
enum ConvolutionMethod: String, Sendable {
  case columns, indirect, winograd

  /// The fastest method, or the one that is wanted where it fits; columns fit everywhere.
  init(_ window: Window, outputChannels: Int, algorithm: ConvolutionAlgorithm) {
    let inputChannels = window.input.channels
    let (isIndirect, isWinograd) = (
      IndirectProduct.fits(window), WinogradProduct.fits(window)
    )
    self =
      switch algorithm {
      // With fewer channels transforming costs more than it saves.
      case .automatic where isWinograd && min(inputChannels, outputChannels) >= 16: .winograd
      // Panels are of 16 channels; where the last would be filled up OpenBLAS is faster, unless
      // there are so few channels that a column matrix costs more than it.
      case .automatic
      where isIndirect && (inputChannels < 8 || outputChannels.isMultiple(of: 16)): .indirect
      case .indirect where isIndirect: .indirect
      case .winograd where isWinograd: .winograd
      default: .columns
      }
  }
}

/// A convolution on the shape that reaches it: its geometry and its method.
struct ConvolutionPlan: Sendable {
  let window: Window
  let outputChannels: Int
  let usesBias: Bool
  let method: ConvolutionMethod
  /// The largest batch, and the threads that share the work.
  let batch: Int, workerCount: Int

  /// Whether outputs may be pooled before they are stored.
  var canPool: Bool {
    switch method {
    case .columns: false
    case .indirect: window.stride == 1
    case .winograd: window.top == 1 && window.left == 1
    }
  }

  /// Whether outputs may be scaled and rectified before they are stored.
  var canScale: Bool { method != .columns }
}

internal import Tensors

/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Codable, Sendable {
  /// The fastest method for each layer; neighboring layers may be fused.
  case automatic
  /// The values under the kernel as rows of a matrix, then one matrix product: the reference. No
  /// layers are fused.
  case im2col
  /// Products of the image's own rows, without a column matrix; im2col for the input gradient of
  /// larger strides.
  case indirect
  /// Winograd's F(4×4, 3×3) for 3×3 kernels of stride 1; im2col for others.
  case winograd
}

/// How one convolution is computed for one input shape.
enum ConvolutionMethod: String, Sendable {
  case columns, indirect, winograd

  /// Picks the fastest method, or the requested one where it applies; columns apply everywhere.
  init(_ window: Window, outputChannels: Int, algorithm: ConvolutionAlgorithm) {
    let inputChannels = window.input.channels
    let (isIndirect, isWinograd) = (
      IndirectProduct.fits(window), WinogradProduct.fits(window)
    )
    self =
      switch algorithm {
      // With fewer channels, transforming takes longer than it saves.
      case .automatic where isWinograd && min(inputChannels, outputChannels) >= 16: .winograd
      // Panels have 16 channels; if the last one is incomplete, OpenBLAS is faster, unless there
      // are so few input channels that copying columns takes longer.
      case .automatic
      where isIndirect && (inputChannels < 8 || outputChannels.isMultiple(of: 16)): .indirect
      case .indirect where isIndirect: .indirect
      case .winograd where isWinograd: .winograd
      default: .columns
      }
  }

  /// What its products multiply where `wanted` is asked for.
  ///
  /// Columns are multiplied by OpenBLAS, and of few channels rounding takes longer than it saves.
  func precision(_ wanted: Precision, _ window: Window, outputChannels: Int) -> Precision {
    let (inputs, outputs) = (window.input.channels, outputChannels)
    return switch self {
    case .winograd: wanted
    case .indirect: min(inputs, outputs) >= 16 && inputs.isMultiple(of: 2) ? wanted : .float32
    case .columns: .float32
    }
  }
}

/// A convolution for a certain input: its geometry and its method.
struct ConvolutionPlan: Sendable {
  let window: Window
  let outputChannels: Int
  let usesBias: Bool
  let method: ConvolutionMethod
  /// What its products multiply.
  let precision: Precision
  /// The largest batch, and the threads that share the work.
  let batch: Int, workerCount: Int
  /// Whether processes share the batch.
  let sharesBatch: Bool

  /// Whether outputs may be pooled before they are stored.
  var canPool: Bool {
    switch method {
    case .columns: false
    case .indirect: window.stride == 1
    case .winograd: window.top == 1 && window.left == 1
    }
  }

  /// How it is computed, in words.
  var methodText: String {
    "\(method)" + (precision == .float32 ? "" : " \(precision)")
  }

  /// Whether outputs may be scaled and rectified before they are stored.
  var canScale: Bool { method != .columns }
}

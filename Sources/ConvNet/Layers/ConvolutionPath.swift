internal import Tensors

/// The way one convolution is computed.
enum ConvolutionPath {
  case columns(ColumnConvolution)
  case indirect(IndirectConvolution)
  case winograd(WinogradConvolution)

  /// The fastest way, or the one that is wanted where it fits; column matrices fit everywhere.
  init(_ window: Window, outputChannels: Int, batch: Int, algorithm: ConvolutionAlgorithm) {
    let columns = ColumnConvolution(window, outputChannels: outputChannels, batch: batch)
    let winograd = WinogradConvolution(window, outputChannels: outputChannels, batch: batch)
    let indirect = IndirectConvolution(window, outputChannels: outputChannels, batch: batch)
    let channels = (window.input.channels, outputChannels)
    self =
      switch (algorithm, winograd, indirect) {
      // With fewer channels transforming costs more than it saves.
      case (.automatic, let winograd?, _) where min(channels.0, channels.1) >= 16:
        .winograd(winograd)
      // Panels are of 16 channels; where the last would be filled up OpenBLAS is faster, unless there
      // are so few channels that a column matrix costs more than it.
      case (.automatic, _, let indirect?)
      where channels.0 < 8 || channels.1.isMultiple(of: 16): .indirect(indirect)
      case (.winograd, let winograd?, _): .winograd(winograd)
      case (.indirect, _, let indirect?): .indirect(indirect)
      default: .columns(columns)
      }
  }

  func scratchCount(workers: Int) -> Int {
    switch self {
    case .columns(let way): way.scratchCount(workers: workers)
    case .indirect(let way): way.scratchCount(workers: workers)
    case .winograd(let way): way.scratchCount(workers: workers)
    }
  }

  /// Whether it computes gradients with respect to its input.
  var hasInputGradient: Bool {
    if case .indirect(let way) = self { way.hasInputGradient } else { true }
  }

  /// Whether its outputs may be pooled before they are stored.
  var canPool: Bool {
    switch self {
    case .columns: false
    case .indirect(let way): way.hasInputGradient
    case .winograd(let way): way.canPool
    }
  }

  /// Whether its outputs may be scaled and rectified before they are stored.
  var canScale: Bool {
    if case .columns = self { false } else { true }
  }

  /// - Precondition: The epilogue pools only if `canPool`, scales and rectifies only if `canScale`.
  func forward(_ pass: ForwardPass, _ epilogue: Epilogue) {
    switch self {
    case .columns(let way): way.forward(pass, epilogue)
    case .indirect(let way): way.forward(pass, epilogue)
    case .winograd(let way): way.forward(pass, epilogue)
    }
  }

  /// Writes the gradients of the weights and, where somebody needs it, of the input.
  func backward(_ pass: BackwardPass, _ gradient: FeatureMap) {
    switch self {
    case .columns(let way): way.backward(pass)
    case .indirect(let way):
      way.weightGradient(pass, gradient)
      if let target = pass.inputGradient { way.inputGradient(pass, gradient, into: target) }
    case .winograd(let way):
      way.weightGradient(pass, gradient)
      if let target = pass.inputGradient { way.inputGradient(pass, gradient, into: target) }
    }
  }
}

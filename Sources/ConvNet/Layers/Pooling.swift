public import Tensors

/// Keeps one value per channel of each window: the largest, or the average.
///
/// The same as PyTorch's `MaxPool2d` and `AvgPool2d`: padding is never the largest but counts as
/// zeros in a mean. Without a size one window covers the whole image.
public struct Pooling: Layer {
  /// What is kept of the values under the window.
  public enum Reduction: Hashable, Sendable { case maximum, average }

  /// What is kept of the values under the window.
  public let reduction: Reduction
  /// Rows and columns of the window, pixels; nil for those of the image.
  public let height: Int?, width: Int?
  /// Step between two windows, pixels.
  public let stride: Int
  /// Pixels around the image, at most half a window.
  public let padding: Padding

  /// Creates a pooling over windows; by default they touch but do not overlap.
  public init(
    _ reduction: Reduction = .maximum, height: Int, width: Int? = nil, stride: Int? = nil,
    padding: Padding = .zeros(0)
  ) {
    self.reduction = reduction
    self.height = height
    self.width = width ?? height
    self.stride = stride ?? height
    self.padding = padding
  }

  /// Creates a pooling over the whole image.
  public init(_ reduction: Reduction) {
    self.reduction = reduction
    (height, width, stride, padding) = (nil, nil, 1, .zeros(0))
  }

  /// Whether it keeps the largest of each 2 × 2 pixels.
  var isSquareMaximum: Bool {
    reduction == .maximum && height == 2 && width == 2 && stride == 2 && padding == .zeros(0)
  }

  public var text: String {
    guard let height, let width else {
      return reduction == .maximum
        ? LayerEntry.globalMaximumPooling.text() : LayerEntry.globalAveragePooling.text()
    }
    let entry =
      reduction == .maximum ? LayerEntry.maximumPooling : LayerEntry.averagePooling
    return entry.text([
      "size": .size(height: height, width: width),
      "stride": stride == height ? nil : .count(stride), "padding": .padding(padding),
    ])
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard let window = window(over: input) else { throw .doesNotFit(layer: text, input: input) }
    return window.output(channels: input.channels)
  }

  public func compile(_ context: CompileContext) -> any ForwardOperation {
    PoolingOperation(reduction: reduction, window: fittingWindow(context), description: text)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    let window = fittingWindow(context)
    guard reduction == .maximum, window.height * window.width <= Kernels.largestIndexedWindow
    else {
      return PoolingOperation(reduction: reduction, window: window, description: text)
    }
    return IndexedPoolingOperation(window, batch: context.input.batch, description: text)
  }

  private func fittingWindow(_ context: CompileContext) -> Window {
    guard let window = window(over: context.input) else {
      preconditionFailure("'\(text)' does not fit on \(context.input)")
    }
    return window
  }

  private func window(over input: Shape) -> Window? {
    Window(
      over: input, height: height ?? input.height, width: width ?? input.width, stride: stride,
      padding: padding)
  }
}

private struct PoolingOperation: TrainingOperation {
  let reduction: Pooling.Reduction
  let window: Window
  let description: String
  let dividesBatch = true

  var backwardReads: BackwardReads { reduction == .maximum ? [.input, .output] : [] }

  func forward(_ pass: ForwardPass) {
    pass.forEachImage { input, output in
      switch reduction {
      case .maximum: Kernels.maxPool(input, window, into: output)
      case .average: Kernels.averagePool(input, window, into: output)
      }
    }
  }

  /// The gradient goes to the pixel that was the largest, or in equal shares to all pixels.
  func backward(_ pass: BackwardPass) {
    pass.forEachImage { input, output, outputGradient, inputGradient in
      switch reduction {
      case .maximum:
        Kernels.maxPoolBackward(
          input, output: output, gradient: outputGradient, window, into: inputGradient)
      case .average: Kernels.averagePoolBackward(outputGradient, window, into: inputGradient)
      }
    }
  }
}

/// A maximum in training, with a byte for each that says which pixel of its window it was.
private struct IndexedPoolingOperation: TrainingOperation {
  private let window: Window
  private let argMax: WorkspacePiece<UInt8>
  let saved: WorkspaceLayout
  let description: String
  let dividesBatch = true
  let backwardReads: BackwardReads = []

  init(_ window: Window, batch: Int, description: String) {
    self.window = window
    self.description = description
    var saved = WorkspaceLayout()
    argMax = saved.reserveBytes(batch * window.output(channels: window.input.channels).count)
    self.saved = saved
  }

  func forward(_ pass: ForwardPass) {
    let argMax = pass.saved[argMax]
    pass.workers.run(pass.inputShape.batch) { index in
      Kernels.maxPool(
        pass.image(index, of: pass.input, pass.inputShape), window,
        into: pass.image(index, of: pass.output, pass.outputShape),
        argMax: pass.image(index, of: argMax))
    }
  }

  func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    let forward = pass.forward
    let argMax = forward.saved[argMax]
    forward.workers.run(forward.inputShape.batch) { index in
      Kernels.maxPoolBackward(
        argMax: forward.image(index, of: argMax),
        gradient: forward.image(index, of: pass.outputGradient, forward.outputShape), window,
        into: forward.image(index, of: inputGradient, forward.inputShape))
    }
  }
}

extension ForwardPass {
  /// The bytes of one image, one for each value of the output.
  fileprivate func image(_ index: Int, of bytes: ByteRegion) -> ByteRegion {
    let size = outputShape.imageCount
    return bytes[index * size..<(index + 1) * size]
  }
}

extension LayerEntry {
  static let maximumPooling = pooling("pool", .maximum, "the largest of each window", "MaxPool2d")
  static let averagePooling = pooling(
    "average-pool", .average, "the mean of each window", "AvgPool2d")

  static let globalAveragePooling = LayerEntry(
    "global-pool", "the mean over the whole map", counterpart: "AdaptiveAvgPool2d(1)"
  ) { _ in Pooling(.average) }

  static let globalMaximumPooling = LayerEntry(
    "global-max-pool", "the maximum over the whole map", counterpart: "AdaptiveMaxPool2d(1)"
  ) { _ in Pooling(.maximum) }

  private static func pooling(
    _ name: String, _ reduction: Pooling.Reduction, _ summary: String, _ counterpart: String
  ) -> LayerEntry {
    LayerEntry(
      name, summary,
      parameters: [
        .first("size", .size, "rows and columns of the window"),
        .named("stride", .count(1...64), default: nil, "the rows of the window"),
        .named(
          "padding", .padding, default: .padding(.zeros(0)), "pixels around the image"),
      ], counterpart: counterpart
    ) { (values) throws(LayerValueError) in
      let (size, padding) = (values.size("size"), values.padding("padding"))
      if case .zeros(let count) = padding, 2 * count > min(size.height, size.width) {
        throw LayerValueError("padding", expected: "a padding of at most half the window")
      }
      return Pooling(
        reduction, height: size.height, width: size.width, stride: values.count("stride"),
        padding: padding)
    }
  }
}

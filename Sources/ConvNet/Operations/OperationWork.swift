internal import Tensors

/// What an operation of inference computes and moves, whatever the time it takes.
///
/// Values count as moved once when they are read and once when they are written; what a kernel
/// keeps in a cache for itself does not count.
public struct OperationWork: Equatable, Sendable {
  /// Multiply-adds that are done for one image: those of Winograd's convolution are fewer than
  /// those of the convolution it computes.
  public var multiplyAdds = 0
  /// Values moved for one image.
  public var values = 0
  /// Values of weights in the form in which they are read, once for a batch.
  public var weights = 0

  /// Creates work; none by default.
  public init(multiplyAdds: Int = 0, values: Int = 0, weights: Int = 0) {
    (self.multiplyAdds, self.values, self.weights) = (multiplyAdds, values, weights)
  }

  /// Floating-point operations for a batch: multiplications and additions.
  public func operations(images: Int) -> Int { 2 * multiplyAdds * images }

  /// Bytes moved for a batch.
  public func bytes(images: Int) -> Int { MemoryLayout<Float>.stride * (values * images + weights) }

  static func += (sum: inout OperationWork, other: OperationWork) {
    sum.multiplyAdds += other.multiplyAdds
    sum.values += other.values
    sum.weights += other.weights
  }
}

extension ForwardSequence {
  /// The work of one operation, with its input and output.
  func work(_ index: Int) -> OperationWork {
    var work = steps[index].operation.work
    work.values += steps[index].inputShape.count + steps[index].outputShape.count
    return work
  }

  /// The work of all operations.
  var work: OperationWork {
    steps.indices.reduce(into: OperationWork()) { $0 += work($1) }
  }
}

extension ConvolutionPlan {
  var work: OperationWork {
    switch method {
    case .columns, .indirect:
      OperationWork(
        multiplyAdds: window.positionCount * window.count * outputChannels,
        weights: window.count * outputChannels)
    case .winograd:
      OperationWork(
        multiplyAdds: WinogradGeometry.pointCount * WinogradGeometry.forward(self).tileCount
          * window.input.channels * outputChannels,
        weights: WinogradGeometry.forward(self).weightCount)
    }
  }
}

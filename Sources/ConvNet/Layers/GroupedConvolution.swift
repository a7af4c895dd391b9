public import Tensors

/// A convolution whose channels are divided into independent groups, like PyTorch's `Conv2d` with
/// `groups`.
///
/// Each group is a plain convolution on a copy of its channels. For one group per channel,
/// `DepthwiseConvolution` is much faster.
///
/// - Source: Krizhevsky et al., 2012; Xie et al., 2016, arXiv:1611.05431.
public struct GroupedConvolution: Layer {
  /// The number of groups; divides the channels of input and output.
  public let groups: Int
  /// The convolution within one group.
  public let inner: Convolution

  /// Creates the layer from the convolution of one group.
  public init(groups: Int, inner: Convolution) {
    self.groups = groups
    self.inner = inner
  }

  public var text: String { inner.text(groups: groups) }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard input.channels.isMultiple(of: groups) else {
      throw .groupsDoNotDivide(layer: text, input: input)
    }
    do {
      var output = try inner.outputShape(for: group(of: input))
      output.channels *= groups
      return output
    } catch { throw .doesNotFit(layer: text, input: input) }
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    inner.parameters(for: group(of: input)).map { slot in
      ParameterSlot(
        name: slot.name, shape: [slot.shape[0] * groups] + slot.shape.dropFirst(),
        order: slot.order)
    }
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    // Group by group, so that `dirac` passes every channel unchanged.
    let part = ParameterSlot(
      name: slot.name, shape: [slot.shape[0] / groups] + slot.shape.dropFirst(), order: slot.order)
    return (0..<groups).flatMap { _ in inner.initialValue(of: part, using: &generator) }
  }

  public func multiplyAdds(for input: Shape) -> Int {
    groups * inner.multiplyAdds(for: group(of: input))
  }

  public func compile(_ context: CompileContext) -> any ForwardOperation {
    let inner = self.inner.plan(context.on(group(of: context.input), place: context.place))
    return GroupedForward(InferenceConvolution(inner), inner, groups: groups)
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    let inner = self.inner.plan(context.on(group(of: context.input), place: context.place))
    return GroupedOperation(ConvolutionOperation(inner), inner, groups: groups)
  }

  private func group(of shape: Shape) -> Shape {
    Shape(
      batch: shape.batch, height: shape.height, width: shape.width,
      channels: shape.channels / groups)
  }
}

public import Tensors

/// A convolution whose channels are cut into groups that do not see each other, as PyTorch's `Conv2d`
/// with `groups`.
///
/// Each group is a plain convolution on a copy of its channels. Where every channel is a group of
/// its own, `DepthwiseConvolution` is much faster.
///
/// - Source: Krizhevsky et al., 2012; Xie et al., 2016, arXiv:1611.05431.
public struct GroupedConvolution: Layer {
  /// Groups; they divide the channels of input and output.
  public let groups: Int
  /// The convolution within one group.
  public let inner: Convolution

  /// Creates the layer out of what one group does.
  public init(groups: Int, inner: Convolution) {
    self.groups = groups
    self.inner = inner
  }

  public var token: String {
    "conv \(groups * inner.outputChannels) \(inner.kernelHeight)x\(inner.kernelWidth)"
      + " groups \(groups)"
      + convolutionOptions(
        stride: inner.stride, padding: inner.padding, usesBias: inner.usesBias,
        initialization: inner.initialization)
  }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    guard input.channels.isMultiple(of: groups) else {
      throw .groupsDoNotDivide(layer: token, input: input)
    }
    do {
      var output = try inner.outputShape(for: group(of: input))
      output.channels *= groups
      return output
    } catch { throw .doesNotFit(layer: token, input: input) }
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
    // Group by group, so that `dirac` passes every channel on.
    let part = ParameterSlot(
      name: slot.name, shape: [slot.shape[0] / groups] + slot.shape.dropFirst(), order: slot.order)
    return (0..<groups).flatMap { _ in inner.initialValue(of: part, using: &generator) }
  }

  public func keptCount(for input: Shape) -> Int {
    groups * padded(inner.keptCount(for: group(of: input)))
  }

  public func planned(
    on input: Shape, convolution: ConvolutionAlgorithm, trains: Bool
  ) -> any Layer {
    GroupedConvolution(groups: groups, inner: inner.computed(by: convolution))
  }

  public func multiplyAdds(for input: Shape) -> Int {
    groups * inner.multiplyAdds(for: group(of: input))
  }

  public func scratchCount(for input: Shape, batch: Int, workers: Int) -> Int {
    let input = input.batch(batch)
    let scratch = inner.scratchCount(for: group(of: input), batch: batch, workers: workers)
    return padded(scratch) + copies(for: input).reduce(0) { $0 + padded($1) }
  }

  public func forward(_ pass: ForwardPass) {
    for group in 0..<groups {
      let lent = lend(pass, group: group, isFirstUse: true)
      inner.forward(lent.pass)
      let channels = inner.outputChannels
      Kernels.copy(
        lent.pass.output, intoColumns: group * channels..<(group + 1) * channels, of: pass.output,
        stride: groups * channels)
    }
  }

  public func backward(_ pass: BackwardPass) {
    let (inputs, outputs) = (pass.forward.inputShape.channels / groups, inner.outputChannels)
    for group in 0..<groups {
      let own = group * outputs..<(group + 1) * outputs
      let lent = lend(pass.forward, group: group, isFirstUse: false)
      Kernels.copyColumns(
        own, of: pass.outputGradient, stride: groups * outputs, into: lent.outputGradient)
      inner.backward(
        BackwardPass(
          forward: lent.pass, outputGradient: lent.outputGradient,
          inputGradient: pass.inputGradient.map { _ in lent.inputGradient },
          parameterGradients: [lent.weightGradient]
            + pass.parameterGradients.dropFirst().map { $0[own] }))
      Kernels.copy(
        lent.weightGradient, intoColumns: own, of: pass.parameterGradients[0],
        stride: groups * outputs)
      guard let inputGradient = pass.inputGradient else { continue }
      Kernels.copy(
        lent.inputGradient, intoColumns: group * inputs..<(group + 1) * inputs, of: inputGradient,
        stride: groups * inputs)
    }
  }

  private func group(of shape: Shape) -> Shape {
    Shape(
      batch: shape.batch, height: shape.height, width: shape.width,
      channels: shape.channels / groups)
  }

  /// Sizes of one group's input, output, weights and their gradients.
  private func copies(for input: Shape) -> [Int] {
    guard let output = try? inner.outputShape(for: group(of: input)) else { return [] }
    let counts = [
      group(of: input).count, output.batch(input.batch).count,
      inner.parameters(for: group(of: input))[0].count,
    ]
    return counts + counts
  }

  private struct Lent {
    var pass: ForwardPass
    var inputGradient: FloatRegion, outputGradient: FloatRegion, weightGradient: FloatRegion
  }

  /// What the convolution of one group is lent: copies of its channels and weights.
  private func lend(_ pass: ForwardPass, group: Int, isFirstUse: Bool) -> Lent {
    let (inputs, outputs) = (pass.inputShape.channels / groups, inner.outputChannels)
    let own = group * outputs..<(group + 1) * outputs
    let copies = copies(for: pass.inputShape)
    let first = (pass.scratch.count - copies.reduce(0) { $0 + padded($1) }) / 16 * 16
    var start = first
    let pieces = copies.map { count in
      defer { start += padded(count) }
      return pass.scratch[start..<start + count]
    }
    Kernels.copyColumns(
      group * inputs..<(group + 1) * inputs, of: pass.input, stride: groups * inputs,
      into: pieces[0])
    if !isFirstUse {
      Kernels.copyColumns(own, of: pass.output, stride: groups * outputs, into: pieces[1])
    }
    Kernels.copyColumns(own, of: pass.parameters[0], stride: groups * outputs, into: pieces[2])
    let kept = padded(inner.keptCount(for: self.group(of: pass.inputShape)))
    let inner = ForwardPass(
      inputShape: self.group(of: pass.inputShape),
      outputShape: Shape(
        batch: pass.outputShape.batch, height: pass.outputShape.height,
        width: pass.outputShape.width, channels: outputs),
      input: pieces[0], output: pieces[1],
      parameters: [pieces[2]] + pass.parameters.dropFirst().map { $0[own] }, statistics: [],
      kept: pass.kept[group * kept..<(group + 1) * kept], scratch: pass.scratch[0..<first],
      phase: pass.phase, workers: pass.workers)
    return Lent(
      pass: inner, inputGradient: pieces[3], outputGradient: pieces[4], weightGradient: pieces[5])
  }
}

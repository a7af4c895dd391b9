public import Tensors

/// Adds what goes through some layers to what goes around them: y = body(x) + shortcut(x).
///
/// A shortcut without layers is the identity; with layers, usually a 1×1 convolution, it brings the
/// input to the output shape of the body. Arrays are named `body.0.weight` and
/// `shortcut.0.weight`.
///
/// - Source: He et al., 2015, arXiv:1512.03385.
public struct Residual: Layer {
  /// The layers of the longer branch.
  public let body: [any Layer]
  /// The layers of the shorter branch; empty for the identity.
  public let shortcut: [any Layer]

  /// Creates the block.
  ///
  /// - Precondition: The body has a layer.
  public init(body: [any Layer], shortcut: [any Layer] = []) {
    precondition(!body.isEmpty, "a residual block without layers")
    self.body = body
    self.shortcut = shortcut
  }

  /// Creates the block with the identity as its shortcut.
  public init(@LayerBuilder _ body: () -> [any Layer]) { self.init(body: body()) }

  /// Creates the block.
  public init(
    @LayerBuilder body: () -> [any Layer], @LayerBuilder shortcut: () -> [any Layer]
  ) {
    self.init(body: body(), shortcut: shortcut())
  }

  public var text: String {
    LayerEntry.residual.text(["body": .layers(body), "shortcut": .layers(shortcut)])
  }

  public var layers: [any Layer] { body + shortcut }

  public func outputShape(for input: Shape) throws(ArchitectureError) -> Shape {
    let (body, shortcut) = try branches(for: input)
    return try output(of: body, and: shortcut)
  }

  func output(
    of body: LayerSequence, and shortcut: LayerSequence
  ) throws(ArchitectureError) -> Shape {
    guard body.output == shortcut.output else {
      throw .branchesDiffer(layer: text, body: body.output, shortcut: shortcut.output)
    }
    return body.output
  }

  public func parameters(for input: Shape) -> [ParameterSlot] {
    slots(for: input, \.parameters)
  }

  public func statistics(for input: Shape) -> [ParameterSlot] {
    slots(for: input, \.statistics)
  }

  private func slots(
    for input: Shape, _ own: KeyPath<LayerSequence, [ParameterSlot]>
  ) -> [ParameterSlot] {
    let (body, shortcut) = fittingBranches(for: input)
    return slots(body, shortcut, own)
  }

  func slots(
    _ body: LayerSequence, _ shortcut: LayerSequence,
    _ own: KeyPath<LayerSequence, [ParameterSlot]>
  ) -> [ParameterSlot] {
    body[keyPath: own].map { $0.named(in: "body") }
      + shortcut[keyPath: own].map { $0.named(in: "shortcut") }
  }

  public func multiplyAdds(for input: Shape) -> Int {
    let (body, shortcut) = fittingBranches(for: input)
    return body.multiplyAdds + shortcut.multiplyAdds
  }

  public func initialValue(
    of slot: ParameterSlot, using generator: inout SeededGenerator
  ) -> [Float] {
    // "body.3.weight"
    let parts = slot.name.split(separator: ".", maxSplits: 2)
    let layers = parts[0] == "body" ? body : shortcut
    guard parts.count == 3, let index = Int(parts[1]), layers.indices.contains(index) else {
      preconditionFailure("no layer of '\(text)' has '\(slot.name)'")
    }
    return layers[index].initialValue(
      of: ParameterSlot(name: String(parts[2]), shape: slot.shape, order: slot.order),
      using: &generator)
  }

  public func compile(_ context: CompileContext) -> any ForwardOperation {
    let (body, shortcut) = fittingBranches(for: context.input)
    let contexts = branchContexts(context)
    return ResidualForward(
      body: body.compile(contexts.body), shortcut: shortcut.compile(contexts.shortcut),
      bodySlots: (body.parameters.count, body.statistics.count))
  }

  public func compileForTraining(_ context: CompileContext) -> any TrainingOperation {
    let (body, shortcut) = fittingBranches(for: context.input)
    let contexts = branchContexts(context)
    return ResidualOperation(
      body: body.compileForTraining(contexts.body),
      shortcut: shortcut.compileForTraining(contexts.shortcut), inputCount: context.input.count,
      bodySlots: (body.parameters.count, body.statistics.count))
  }

  /// The layers of both branches on a shape.
  func branches(
    for input: Shape
  ) throws(ArchitectureError) -> (body: LayerSequence, shortcut: LayerSequence) {
    (try LayerSequence(body, on: input), try LayerSequence(shortcut, on: input))
  }

  /// The same for layers that are known to fit.
  private func fittingBranches(
    for input: Shape
  ) -> (body: LayerSequence, shortcut: LayerSequence) {
    do {
      return try branches(for: input)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// Places are counted through the block, the body first.
  private func branchContexts(
    _ context: CompileContext
  ) -> (body: CompileContext, shortcut: CompileContext) {
    let first = context.place + 1
    let bodyCount = body.reduce(0) { $0 + $1.layerCount }
    return (
      context.on(context.input, place: first), context.on(context.input, place: first + bodyCount)
    )
  }
}

extension LayerEntry {
  static let residual = LayerEntry(
    "residual", "the sum of two branches, which must end in one shape",
    parameters: [
      .first("body", .layers, "the layers of the longer branch"),
      .named("shortcut", .layers, default: .layers([]), "identity"),
    ], learns: true, counterpart: "sum of two Sequential"
  ) { values in
    Residual(body: values.layers("body"), shortcut: values.layers("shortcut"))
  }
}

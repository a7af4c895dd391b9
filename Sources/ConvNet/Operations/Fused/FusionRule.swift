internal import Tensors

/// A rule that runs neighboring layers as one operation.
///
/// A rule first matches the layers as written, then tries to make the operation, which may not
/// exist for the given shapes.
struct FusionRule<Operation>: Sendable {
  /// The layers it joins; optional ones are in brackets.
  let name: String
  /// Finds the layers it would join at the start of others.
  let match: @Sendable (ArraySlice<any Layer>) -> FusionMatch?
  /// Makes the operation; nil if there is none for these layers on this input.
  let make: @Sendable (FusionMatch, CompileContext) -> Operation?

  /// The operation of the first layers, and how many layers it covers.
  func apply(
    _ layers: ArraySlice<any Layer>, _ context: CompileContext
  ) -> (operation: Operation, layerCount: Int)? {
    guard let match = match(layers), let operation = make(match, context) else { return nil }
    return (operation, match.layerCount)
  }
}

/// Layers found at the start of others; each one found is removed from the rest.
struct FusionMatch {
  private(set) var convolution: Convolution?
  private(set) var normalization: BatchNormalization?
  private(set) var rectifies = false
  private(set) var pools = false
  private var rest: ArraySlice<any Layer>
  private let start: Int

  init(_ layers: ArraySlice<any Layer>) {
    rest = layers
    start = layers.startIndex
  }

  /// The number of layers taken.
  var layerCount: Int { rest.startIndex - start }

  mutating func takeConvolution() -> Bool {
    convolution = rest.first as? Convolution
    rest = convolution == nil ? rest : rest.dropFirst()
    return convolution != nil
  }

  mutating func takeNormalization() -> Bool {
    normalization = rest.first as? BatchNormalization
    rest = normalization == nil ? rest : rest.dropFirst()
    return normalization != nil
  }

  @discardableResult
  mutating func takeRectifier() -> Bool {
    guard rest.first is Rectifier else { return false }
    rectifies = true
    rest = rest.dropFirst()
    return true
  }

  /// Takes a maximum over squares of 2 × 2 pixels.
  mutating func takeSquarePooling() -> Bool {
    guard (rest.first as? Pooling)?.isSquareMaximum == true else { return false }
    pools = true
    rest = rest.dropFirst()
    return true
  }

  /// Takes a maximum over squares with a rectifier before or after it, or without one; both orders
  /// give the same values.
  mutating func takeRectifiedPooling() -> Bool {
    var trial = self
    let rectifiesFirst = trial.takeRectifier()
    guard trial.takeSquarePooling() else { return false }
    if !rectifiesFirst { trial.takeRectifier() }
    self = trial
    return true
  }
}

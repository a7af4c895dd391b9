public import Tensors

/// Backpropagation through one layer compared with finite differences of its forward pass.
///
/// All elements of an array are compared, in groups that are moved together a little up and down,
/// each element by its own random sign: an error in one of them shows in its group. The loss is a
/// weighting of the outputs, and several random weightings are tried, so that no error hides where
/// one gradient happens to be small. Differences are taken output by output in double precision,
/// at the step length at which they are known best, and are exact up to its fourth power. An
/// output with a kink within the step (a rectifier at zero, a maximum that moves to another
/// element) has no derivative there and is left out, from both sides of the comparison. What
/// rounding can explain, in the forward or the backward pass, is no error.
public struct GradientCheck: Encodable, Sendable {
  /// The layer as written in an architecture.
  public let layer: String
  /// The array that was checked: `input`, `weight`, ….
  public let array: String
  /// Elements compared.
  public let checked: Int
  /// Outputs that changed, over all groups, and how many were left out at kinks.
  public let outputs: Int, skipped: Int
  /// ‖backpropagated − numeric‖ beyond rounding, of the worst group: for the input over its norm or
  /// what is typical of the array, for parameters over the typical gradient of a single element.
  public let relativeError: Double

  /// A relative error above this means a wrong gradient, not rounding.
  ///
  /// A tenth of the smallest error that is sure to be found.
  public static let tolerance = 1e-3

  /// Groups of the arrays of a block as a whole.
  private static let groupsOfBlock = 4

  /// The fraction of the outputs that were left out.
  public var skippedFraction: Double { Double(skipped) / Double(max(1, outputs)) }

  /// Whether the two agree.
  public var passes: Bool { relativeError <= Self.tolerance }

  /// Checks the input and every parameter array of a layer.
  ///
  /// A residual block is checked layer by layer, and then as a whole with smooth functions in place
  /// of its rectifiers and maxima: through many of them, every step meets a kink.
  ///
  /// - Parameters:
  ///   - shape: The shape of the input, including the batch.
  ///   - samples: The elements of each array are divided at random into at least this many groups,
  ///     of at most 32,768.
  /// - Throws: `ArchitectureError` if the layer does not fit the input.
  public static func check(
    _ layer: any Layer, on shape: Shape, samples: Int, seed: UInt64 = 1,
    workers: Workers = Workers()
  ) throws(ArchitectureError) -> [GradientCheck] {
    var checks: [GradientCheck] = []
    let isFrozen = layer is Frozen
    if let block = ((layer as? Frozen)?.layer ?? layer) as? Residual {
      for branch in [block.body, block.shortcut] {
        let sequence = try LayerSequence(branch, on: shape)
        for (inner, input) in zip(branch, sequence.shapes) {
          checks += try check(
            isFrozen ? Frozen(inner) : inner, on: input.batch(shape.batch), samples: samples,
            seed: seed, workers: workers)
        }
      }
    }
    var comparison = try GradientComparison(layer.smooth, on: shape, seed: seed, workers: workers)
    // The layers of a block are checked by themselves already.
    let limit = layer.layers.isEmpty ? samples : min(samples, groupsOfBlock)
    for array in comparison.arrays { checks.append(comparison.check(array, groupCount: limit)) }
    return checks
  }
}

extension Layer {
  /// For a block of layers, the same with smooth functions in place of those with kinks; any other
  /// layer itself.
  fileprivate var smooth: any Layer {
    switch self {
    case let frozen as Frozen: Frozen(frozen.layer.smooth)
    case let block as Residual:
      Residual(body: block.body.map(\.standIn), shortcut: block.shortcut.map(\.standIn))
    default: self
    }
  }

  private var standIn: any Layer {
    switch self {
    case is Rectifier, is ParametricRectifier: return Activation(.silu)
    case let activation as Activation:
      if case .leakyRectifier = activation.function { return Activation(.silu) }
      return activation
    case let pooling as Pooling:
      guard let height = pooling.height else { return Pooling(.average) }
      return Pooling(
        .average, height: height, width: pooling.width, stride: pooling.stride,
        padding: pooling.padding)
    case let frozen as Frozen: return Frozen(frozen.layer.standIn)
    default: return smooth
    }
  }
}

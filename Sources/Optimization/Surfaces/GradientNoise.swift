internal import Tensors

/// Random pushes on the slope, as from mini-batches: the same for every marble at the same step.
public struct GradientNoise: Hashable, Sendable {
  /// Standard deviation of each element of the gradient.
  public var strength: Double
  /// The seed of every draw.
  public var seed: UInt64

  /// Creates noise.
  public init(strength: Double, seed: UInt64) {
    self.strength = strength
    self.seed = seed
  }

  /// The push at a step.
  func push(atStep step: Int, dimension: Int) -> [Double] {
    guard strength > 0 else { return [Double](repeating: 0, count: dimension) }
    var generator = SeededGenerator(seed: seed, stream: UInt64(step))
    return (0..<dimension).map { _ in strength * Double(generator.nextNormal()) }
  }
}

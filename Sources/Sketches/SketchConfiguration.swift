/// What all sketches of a set have in common.
public struct SketchConfiguration: Hashable, Codable, Sendable {
  /// Width and height are drawn independently from this range, pixels.
  public var imageSize: ClosedRange<Int>
  /// The same seed draws the same set.
  public var seed: UInt64
  /// The probability, `0...1`, that the class chooses the background: cats indoors, dogs on grass.
  ///
  /// Otherwise the background is drawn independently of the class.
  public var backgroundBias: Double

  /// Creates a configuration.
  ///
  /// - Precondition: Images have at least 32 pixels a side; the bias is a probability.
  public init(imageSize: ClosedRange<Int> = 160...320, seed: UInt64, backgroundBias: Double = 0) {
    precondition(imageSize.lowerBound >= 32, "images of \(imageSize) pixels")
    precondition((0...1).contains(backgroundBias), "a background bias of \(backgroundBias)")
    self.imageSize = imageSize
    self.seed = seed
    self.backgroundBias = backgroundBias
  }
}
